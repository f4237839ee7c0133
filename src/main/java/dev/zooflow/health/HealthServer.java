package dev.zooflow.health;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.zooflow.experiment.UserError;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The endpoint of a process, read-only and for people and machines that may reach the interface: {@code /healthz} answers
 * 200, or 503 with what is wrong, a line each; {@code /metrics} has the figures in Prometheus' text format. On a few
 * daemon threads; who asks or reads too slowly is hung up on.
 */
public final class HealthServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HealthServer.class);
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private static final int THREADS = 4;
    private static final String SECONDS = "10";

    private final HttpServer server;
    private final ExecutorService threads;
    private final List<Check> checks = new CopyOnWriteArrayList<>();

    private record Answer(int status, String type, String body) {}

    private HealthServer(HttpServer server, Supplier<String> metrics) {
        this.server = server;
        threads = Executors.newFixedThreadPool(THREADS, task -> {
            Thread t = new Thread(task, "health");
            t.setDaemon(true);
            return t;
        });
        server.setExecutor(threads);
        serve("/healthz", this::health);
        serve("/metrics", () -> new Answer(200, PROMETHEUS, metrics.get()));
        server.start();
    }

    /**
     * Starts the endpoint.
     *
     * @param port 0 for any that is free
     * @param metrics the text of {@code /metrics}
     * @throws UserError of infrastructure when it can't listen there
     */
    public static HealthServer start(String host, int port, Supplier<String> metrics) {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw UserError.usage("health.host (%s) is no address of this machine. Maybe 127.0.0.1?".formatted(host));
        }
        // Read once, by the first server of the process.
        System.setProperty("sun.net.httpserver.maxReqTime", SECONDS);
        System.setProperty("sun.net.httpserver.maxRspTime", SECONDS);
        try {
            return new HealthServer(HttpServer.create(address, 0), metrics);
        } catch (IOException e) {
            throw UserError.infrastructure(
                    "health.port (%d) of health.host (%s): %s. Maybe another process listens there, or another port?"
                            .formatted(port, host, e.getMessage()),
                    e);
        }
    }

    /** The port it listens on. */
    public int port() {
        return server.getAddress().getPort();
    }

    /** From now on this must be in order, too. */
    public void require(Check check) {
        checks.add(check);
    }

    private Answer health() {
        String problems = checks.stream()
                .map(Check::problem)
                .flatMap(Optional::stream)
                .map(line -> line + "\n")
                .collect(Collectors.joining());
        return problems.isEmpty() ? new Answer(200, TEXT, "ok\n") : new Answer(503, TEXT, problems);
    }

    private void serve(String path, Supplier<Answer> page) {
        server.createContext(path, exchange -> {
            try (exchange) {
                send(exchange, answer(exchange, path, page));
            }
        });
    }

    private static Answer answer(HttpExchange exchange, String path, Supplier<Answer> page) {
        if (!exchange.getRequestURI().getPath().equals(path)) {
            return new Answer(404, TEXT, "/healthz or /metrics\n");
        }
        if (!exchange.getRequestMethod().equals("GET")) {
            return new Answer(405, TEXT, "GET only\n");
        }
        try {
            return page.get();
        } catch (RuntimeException e) {
            LOG.warn("{} failed", path, e);
            return new Answer(500, TEXT, e.getClass().getSimpleName() + "\n");
        }
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", answer.type());
        exchange.sendResponseHeaders(answer.status(), body.length);
        exchange.getResponseBody().write(body);
    }

    /** Stops listening. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
