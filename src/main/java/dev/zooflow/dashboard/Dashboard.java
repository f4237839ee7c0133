package dev.zooflow.dashboard;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.zooflow.dashboard.Assets.Asset;
import dev.zooflow.experiment.UserError;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.PathHandler;
import io.undertow.server.handlers.sse.ServerSentEventHandler;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import io.undertow.util.StatusCodes;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.Options;

/**
 * The page of a {@link Board} and what it asks for, over HTTP and read-only: nothing that comes in changes anything, so that no
 * token is needed. On a loopback address it answers only to names of this machine, so that no page of a stranger can
 * read it through a name of its own (DNS rebinding).
 *
 * <p>The server is Undertow, as the JDK's knows no limits but process-wide ones, which the health endpoint sets to seconds and which
 * would end every stream of events.
 */
public final class Dashboard implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Dashboard.class);
    private static final String JSON = "application/json; charset=utf-8";
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
            + " img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "::1", "[::1]");
    private static final int POINTS = 400;

    private final Undertow server;
    private final Viewers viewers;

    private Dashboard(Undertow server, Viewers viewers) {
        this.server = server;
        this.viewers = viewers;
    }

    /**
     * Starts the server.
     *
     * @param host or address of the interface
     * @param port 0 for any that is free
     * @throws UserError when it can't listen there
     */
    public static Dashboard start(String host, int port, Board board, Surroundings surroundings) {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw UserError.usage("--host (%s) is no address of this machine. Maybe 127.0.0.1?".formatted(host));
        }
        Viewers viewers = new Viewers(board, surroundings);
        HttpHandler site = guarded(site(board, viewers), address.getAddress());
        Undertow server = Undertow.builder()
                .addHttpListener(port, host)
                .setIoThreads(2)
                .setWorkerThreads(4)
                .setWorkerOption(Options.THREAD_DAEMON, true)
                .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, 0L)
                .setServerOption(UndertowOptions.REQUEST_PARSE_TIMEOUT, 10_000)
                .setServerOption(UndertowOptions.MAX_CONCURRENT_REQUESTS_PER_CONNECTION, 1)
                .setHandler(site)
                .build();
        try {
            server.start();
        } catch (RuntimeException e) {
            if (e.getCause() instanceof BindException cause) {
                throw UserError.infrastructure(
                        "port (%d) of host (%s): %s. Maybe another process listens there, or another port?"
                                .formatted(port, host, cause.getMessage()),
                        e);
            }
            throw e;
        }
        viewers.start();
        return new Dashboard(server, viewers);
    }

    /** Where a browser finds it. */
    public String address() {
        InetSocketAddress at =
                (InetSocketAddress) server.getListenerInfo().get(0).getAddress();
        String host = at.getAddress().isAnyLocalAddress() ? "127.0.0.1" : at.getHostString();
        return "http://%s:%d/".formatted(host.contains(":") ? "[" + host + "]" : host, at.getPort());
    }

    private static HttpHandler site(Board board, Viewers viewers) {
        TableViews tables = new TableViews(board);
        ChartViews charts = new ChartViews(board);
        FleetViews fleet = new FleetViews(board);
        PathHandler paths = new PathHandler(exchange -> answer(exchange, StatusCodes.NOT_FOUND, "no such page\n"));
        Assets.all().forEach((path, asset) -> paths.addExactPath(path, exchange -> send(exchange, asset)));
        paths.addExactPath("/api/state", json(q -> viewers.news(System.currentTimeMillis())));
        paths.addExactPath("/api/runs", json(q -> tables.runs()));
        paths.addExactPath("/api/trials", json(q -> tables.trials(Query.of(q))));
        paths.addExactPath("/api/curves", json(q -> curves(charts, q)));
        paths.addExactPath("/api/scatter", json(q -> charts.scatter(Query.of(q))));
        paths.addExactPath("/api/parallel", json(q -> charts.parallel(Query.of(q))));
        paths.addExactPath("/api/timeline", json(q -> charts.timeline(Query.of(q))));
        paths.addExactPath("/api/workers", json(q -> fleet.workers(System.currentTimeMillis())));
        paths.addExactPath("/api/letters", json(q -> fleet.letters()));
        ServerSentEventHandler events = new ServerSentEventHandler(viewers);
        paths.addExactPath("/events", exchange -> {
            if (viewers.number() >= Viewers.MOST) {
                answer(exchange, StatusCodes.SERVICE_UNAVAILABLE, "too many pages are open\n");
            } else {
                exchange.getResponseHeaders().put(Headers.CACHE_CONTROL, "no-store");
                events.handleRequest(exchange);
            }
        });
        return paths;
    }

    private static ObjectNode curves(ChartViews charts, Map<String, List<String>> q) {
        String metric = Query.text(q, "metric");
        return charts.curves(
                q.getOrDefault("key", List.of()),
                metric.isEmpty() ? "loss" : metric,
                Query.number(q, "points", POINTS, BoundedCurve.ROOM));
    }

    private static HttpHandler guarded(HttpHandler site, InetAddress address) {
        return exchange -> {
            exchange.getResponseHeaders()
                    .put(new HttpString("Content-Security-Policy"), POLICY)
                    .put(new HttpString("X-Content-Type-Options"), "nosniff")
                    .put(new HttpString("Referrer-Policy"), "no-referrer");
            if (!exchange.getRequestMethod().equals(Methods.GET)) {
                answer(exchange, StatusCodes.METHOD_NOT_ALLOWED, "GET only: the dashboard changes nothing\n");
            } else if (address.isLoopbackAddress() && !LOCAL.contains(exchange.getHostName())) {
                answer(exchange, StatusCodes.FORBIDDEN, "this is 127.0.0.1. Maybe use that address, or --host?\n");
            } else {
                site.handleRequest(exchange);
            }
        };
    }

    private static HttpHandler json(Function<Map<String, List<String>>, ObjectNode> view) {
        return new HttpHandler() {
            @Override
            public void handleRequest(HttpServerExchange exchange) {
                if (exchange.isInIoThread()) {
                    exchange.dispatch(this);
                    return;
                }
                try {
                    String body = view.apply(Query.parameters(exchange.getQueryParameters()))
                            .toString();
                    exchange.getResponseHeaders()
                            .put(Headers.CONTENT_TYPE, JSON)
                            .put(Headers.CACHE_CONTROL, "no-store");
                    exchange.getResponseSender().send(body);
                } catch (IllegalArgumentException e) {
                    answer(exchange, StatusCodes.BAD_REQUEST, e.getMessage() + "\n");
                } catch (RuntimeException e) {
                    LOG.warn("{} failed", exchange.getRequestPath(), e);
                    answer(
                            exchange,
                            StatusCodes.INTERNAL_SERVER_ERROR,
                            e.getClass().getSimpleName() + "\n");
                }
            }
        };
    }

    private static void send(HttpServerExchange exchange, Asset asset) {
        exchange.getResponseHeaders()
                .put(Headers.CONTENT_TYPE, asset.type())
                .put(Headers.CACHE_CONTROL, asset.lasting() ? "max-age=31536000, immutable" : "no-cache");
        exchange.getResponseSender().send(ByteBuffer.wrap(asset.body()));
    }

    private static void answer(HttpServerExchange exchange, int status, String text) {
        exchange.setStatusCode(status);
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, TEXT);
        exchange.getResponseSender().send(text);
    }

    /** Stops listening; open pages lose their stream and try again until something listens there. */
    @Override
    public void close() {
        viewers.close();
        server.stop();
    }
}
