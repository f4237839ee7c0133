package dev.zooflow.blob;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * As much of object storage as a blob store asks for: PUT, GET, HEAD and DELETE of objects, and ListObjectsV2 in pages of ten
 * keys; one bucket, in the path. It believes every signature.
 */
final class ObjectServer implements AutoCloseable {

    static final String BUCKET = "team";
    private static final int PAGE = 10;
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);

    record Stored(byte[] bytes, Instant modified) {}

    final NavigableMap<String, Stored> objects = new ConcurrentSkipListMap<>();
    final List<String> requests = new CopyOnWriteArrayList<>();
    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private volatile int refusal;

    ObjectServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** From now on every request is answered with this status; 0 is normal. */
    void refuse(int status) {
        refusal = status;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String[] path = exchange.getRequestURI().getPath().split("/", 3);
            String key = path.length > 2 ? path[2] : "";
            requests.add(exchange.getRequestMethod() + " " + key);
            if (refusal > 0) {
                error(exchange, refusal, "Refused");
            } else if (!path[1].equals(BUCKET)) {
                error(exchange, 404, "NoSuchBucket");
            } else if (key.isEmpty()) {
                list(exchange);
            } else {
                object(exchange, key, body);
            }
        }
    }

    private void object(HttpExchange exchange, String key, byte[] body) throws IOException {
        switch (exchange.getRequestMethod()) {
            case "PUT" -> {
                objects.put(key, new Stored(body, Instant.now().truncatedTo(ChronoUnit.SECONDS)));
                exchange.sendResponseHeaders(200, -1);
            }
            case "DELETE" -> {
                objects.remove(key);
                exchange.sendResponseHeaders(204, -1);
            }
            default -> read(exchange, objects.get(key));
        }
    }

    private static void read(HttpExchange exchange, Stored found) throws IOException {
        boolean head = exchange.getRequestMethod().equals("HEAD");
        if (found == null) {
            error(exchange, 404, "NoSuchKey");
            return;
        }
        exchange.getResponseHeaders().set("Last-Modified", HTTP_DATE.format(found.modified()));
        if (head) {
            exchange.getResponseHeaders().set("Content-Length", String.valueOf(found.bytes().length));
        }
        exchange.sendResponseHeaders(200, head || found.bytes().length == 0 ? -1 : found.bytes().length);
        if (!head) {
            exchange.getResponseBody().write(found.bytes());
        }
    }

    private void list(HttpExchange exchange) throws IOException {
        Map<String, String> query = query(exchange.getRequestURI());
        String prefix = query.getOrDefault("prefix", "");
        String after = query.getOrDefault("continuation-token", "");
        List<Map.Entry<String, Stored>> rest = objects.tailMap(after, false).entrySet().stream()
                .filter(e -> e.getKey().startsWith(prefix))
                .toList();
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\"?><ListBucketResult>");
        rest.stream()
                .limit(PAGE)
                .forEach(e ->
                        xml.append("<Contents><Key>%s</Key><LastModified>%s</LastModified><Size>%d</Size></Contents>"
                                .formatted(
                                        e.getKey(),
                                        e.getValue().modified(),
                                        e.getValue().bytes().length)));
        boolean more = rest.size() > PAGE;
        xml.append("<IsTruncated>").append(more).append("</IsTruncated>");
        if (more) {
            String token = rest.get(PAGE - 1).getKey();
            xml.append("<NextContinuationToken>").append(token).append("</NextContinuationToken>");
        }
        send(exchange, 200, xml.append("</ListBucketResult>").toString());
    }

    private static Map<String, String> query(URI uri) {
        Map<String, String> query = new HashMap<>();
        for (String part : uri.getQuery().split("&", -1)) {
            String[] pair = part.split("=", 2);
            query.put(pair[0], pair.length > 1 ? pair[1] : "");
        }
        return query;
    }

    private static void error(HttpExchange exchange, int status, String code) throws IOException {
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(status, -1);
        } else {
            send(exchange, status, "<Error><Code>%s</Code><Message>no</Message></Error>".formatted(code));
        }
    }

    private static void send(HttpExchange exchange, int status, String xml) {
        byte[] bytes = xml.getBytes(StandardCharsets.UTF_8);
        try {
            exchange.getResponseHeaders().set("Content-Type", "application/xml");
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
