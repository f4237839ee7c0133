package dev.zooflow.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A tracking server that takes what MLflow 2 takes and refuses what it refuses: the REST API of MLflow's documentation, the
 * limits and names of {@code mlflow/utils/validation.py}, a store that keeps a value of a metric once, as the SQL store does.
 */
public final class FakeTrackingServer implements AutoCloseable {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Pattern NAME = Pattern.compile("[/\\w.\\- ]{1,250}");
    private static final Pattern TAG_FILTER = Pattern.compile("tags\\.`([^`]+)` = '([^']*)'");
    private static final String API = "/api/2.0/";
    private static final String ARTIFACTS = API + "mlflow-artifacts/artifacts/";
    private static final int MOST_BYTES = 1_000_000;

    /** A run. */
    public static final class Run {
        public final String id;
        public final String experiment;
        public final Map<String, String> tags = new TreeMap<>();
        public final Map<String, String> params = new TreeMap<>();
        /** {@code key=value@step,timestamp}. */
        final Set<String> metrics = new HashSet<>();

        public String name = "";
        public String status = "RUNNING";
        long end;

        Run(String id, String experiment) {
            this.id = id;
            this.experiment = experiment;
        }

        /** Names of its metrics. */
        public Set<String> keys() {
            return metrics.stream().map(m -> m.replaceFirst("=.*", "")).collect(Collectors.toSet());
        }
    }

    /** What the server says no to. */
    private static final class Refusal extends Exception {
        private static final long serialVersionUID = 1;

        final int status;
        final String code;

        Refusal(int status, String code, String message) {
            super(message);
            this.status = status;
            this.code = code;
        }
    }

    private final HttpServer server;
    private final Map<String, String> experiments = new LinkedHashMap<>();
    private final Map<String, Run> runs = new LinkedHashMap<>();
    private final Map<String, byte[]> artifacts = new TreeMap<>();
    private final List<String> requests = new ArrayList<>();
    private final List<String> authorizations = new ArrayList<>();
    private final List<Integer> failures = new ArrayList<>();
    private int values;
    private String artifactRoot = "mlflow-artifacts:/";

    /** Starts to listen. */
    public FakeTrackingServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    /** Where it listens. */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** The next requests end like this. */
    synchronized void fail(Integer... statuses) {
        failures.addAll(List.of(statuses));
    }

    /** Where artefacts lie from now on. */
    synchronized void artifactRoot(String uri) {
        artifactRoot = uri;
    }

    /** All runs so far. */
    public synchronized List<Run> runs() {
        return List.copyOf(runs.values());
    }

    Run run(String name) {
        return runs().stream().filter(r -> r.name.equals(name)).findFirst().orElseThrow();
    }

    synchronized Map<String, String> experiments() {
        return Map.copyOf(experiments);
    }

    /** All artefacts so far, by their paths. */
    public synchronized Map<String, byte[]> artifacts() {
        return new TreeMap<>(artifacts);
    }

    /** Paths of all requests so far. */
    synchronized List<String> requests() {
        return List.copyOf(requests);
    }

    synchronized List<String> authorizations() {
        return List.copyOf(authorizations);
    }

    /** How many values of metrics were sent, those that were known counted again. */
    synchronized int values() {
        return values;
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            int status = 200;
            ObjectNode answer;
            try {
                answer = answer(exchange, body);
            } catch (Refusal e) {
                status = e.status;
                answer = MAPPER.createObjectNode().put("error_code", e.code).put("message", e.getMessage());
            }
            exchange.getResponseHeaders().set("Location", "/elsewhere");
            byte[] bytes = MAPPER.writeValueAsBytes(answer);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private synchronized ObjectNode answer(HttpExchange exchange, byte[] body) throws Refusal, IOException {
        String path = exchange.getRequestURI().getPath();
        requests.add(exchange.getRequestMethod() + " " + path.replaceFirst("^" + API, ""));
        authorizations.add(Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                .orElse(""));
        if (!failures.isEmpty()) {
            throw new Refusal(failures.remove(0), "INTERNAL_ERROR", "not now");
        }
        String method = exchange.getRequestMethod();
        if (method.equals("PUT") && path.startsWith(ARTIFACTS)) {
            artifacts.put(path.substring(ARTIFACTS.length()), body);
            return MAPPER.createObjectNode();
        } else if (method.equals("GET") && path.equals(API + "mlflow/experiments/get-by-name")) {
            return experiment(URLDecoder.decode(
                    exchange.getRequestURI().getRawQuery().replaceFirst("experiment_name=", ""),
                    StandardCharsets.UTF_8));
        } else if (method.equals("POST")) {
            require(
                    "application/json".equals(exchange.getRequestHeaders().getFirst("Content-Type")),
                    "Content-Type must be application/json");
            return post(path.replaceFirst("^" + API + "mlflow/", ""), MAPPER.readTree(body), body.length);
        }
        throw new Refusal(404, "ENDPOINT_NOT_FOUND", path);
    }

    private static void require(boolean good, String message) throws Refusal {
        if (!good) {
            throw new Refusal(400, "INVALID_PARAMETER_VALUE", message);
        }
    }

    private ObjectNode experiment(String name) throws Refusal {
        if (!experiments.containsKey(name)) {
            throw new Refusal(404, "RESOURCE_DOES_NOT_EXIST", "no experiment " + name);
        }
        ObjectNode answer = MAPPER.createObjectNode();
        answer.putObject("experiment")
                .put("experiment_id", experiments.get(name))
                .put("name", name);
        return answer;
    }

    private ObjectNode post(String what, JsonNode content, int bytes) throws Refusal {
        return switch (what) {
            case "experiments/create" -> createExperiment(text(content, "name"));
            case "runs/search" -> search(content);
            case "runs/create" -> create(content);
            case "runs/update" -> update(content);
            case "runs/log-batch" -> log(content, bytes);
            default -> throw new Refusal(404, "ENDPOINT_NOT_FOUND", what);
        };
    }

    private static String text(JsonNode content, String field) throws Refusal {
        require(content.path(field).isTextual(), field + " is required");
        return content.get(field).asText();
    }

    private ObjectNode createExperiment(String name) throws Refusal {
        if (experiments.containsKey(name)) {
            throw new Refusal(400, "RESOURCE_ALREADY_EXISTS", name);
        }
        experiments.put(name, String.valueOf(experiments.size() + 1));
        return MAPPER.createObjectNode().put("experiment_id", experiments.get(name));
    }

    private ObjectNode search(JsonNode content) throws Refusal {
        require(content.path("experiment_ids").isArray(), "experiment_ids is required");
        String filter = text(content, "filter");
        Map<String, String> wanted = new TreeMap<>();
        Matcher matcher = TAG_FILTER.matcher(filter);
        while (matcher.find()) {
            wanted.put(matcher.group(1), matcher.group(2));
        }
        require(
                filter.equals(wanted.entrySet().stream()
                        .map(e -> "tags.`%s` = '%s'".formatted(e.getKey(), e.getValue()))
                        .collect(Collectors.joining(" and "))),
                "filter " + filter);
        ObjectNode answer = MAPPER.createObjectNode();
        ArrayNode found = answer.putArray("runs");
        String experiment = content.get("experiment_ids").get(0).asText();
        runs.values().stream()
                .filter(r -> r.experiment.equals(experiment))
                .filter(r -> r.tags.entrySet().containsAll(wanted.entrySet()))
                .limit(content.path("max_results").asInt(1_000))
                .forEach(r -> found.add(node(r)));
        return answer;
    }

    private ObjectNode node(Run run) {
        ObjectNode node = MAPPER.createObjectNode();
        node.putObject("info")
                .put("run_id", run.id)
                .put("status", run.status)
                .put("artifact_uri", artifactRoot + "%s/%s/artifacts".formatted(run.experiment, run.id));
        ArrayNode tags = node.putObject("data").putArray("tags");
        run.tags.forEach((key, value) -> tags.addObject().put("key", key).put("value", value));
        return node;
    }

    private ObjectNode create(JsonNode content) throws Refusal {
        String experiment = text(content, "experiment_id");
        require(experiments.containsValue(experiment), "no experiment " + experiment);
        require(content.path("start_time").isIntegralNumber(), "start_time");
        Run run = new Run("%032x".formatted(runs.size() + 1), experiment);
        run.name = text(content, "run_name");
        tags(run, content.path("tags"));
        runs.put(run.id, run);
        ObjectNode answer = MAPPER.createObjectNode();
        answer.set("run", node(run));
        return answer;
    }

    private Run known(JsonNode content) throws Refusal {
        Run run = runs.get(text(content, "run_id"));
        if (run == null) {
            throw new Refusal(404, "RESOURCE_DOES_NOT_EXIST", "no such run");
        }
        return run;
    }

    private ObjectNode update(JsonNode content) throws Refusal {
        Run run = known(content);
        String status = text(content, "status");
        require(Set.of("RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED").contains(status), "status " + status);
        run.status = status;
        run.end = content.path("end_time").asLong();
        return MAPPER.createObjectNode();
    }

    private ObjectNode log(JsonNode content, int bytes) throws Refusal {
        require(bytes <= MOST_BYTES, "request of %d bytes".formatted(bytes));
        Run run = known(content);
        int metrics = content.path("metrics").size();
        int params = content.path("params").size();
        int tags = content.path("tags").size();
        require(metrics <= 1_000 && params <= 100 && tags <= 100, "too many");
        require(metrics + params + tags <= 1_000, "too many in total");
        for (JsonNode metric : content.path("metrics")) {
            metric(run, metric);
        }
        for (JsonNode param : content.path("params")) {
            String value = pair(param, 6_000);
            String before = run.params.putIfAbsent(param.get("key").asText(), value);
            require(before == null || before.equals(value), "param " + param + " was " + before);
        }
        tags(run, content.path("tags"));
        return MAPPER.createObjectNode();
    }

    private void metric(Run run, JsonNode metric) throws Refusal {
        String key = text(metric, "key");
        require(NAME.matcher(key).matches() && !key.startsWith("/") && !key.contains("//"), "metric name " + key);
        JsonNode value = metric.path("value");
        require(value.isNumber() || List.of("NaN", "Infinity", "-Infinity").contains(value.asText()), "value " + value);
        require(metric.path("timestamp").isIntegralNumber(), "timestamp");
        require(metric.path("step").isIntegralNumber(), "step");
        run.metrics.add("%s=%s@%s,%s".formatted(key, value.asText(), metric.get("step"), metric.get("timestamp")));
        values++;
    }

    private static void tags(Run run, JsonNode tags) throws Refusal {
        for (JsonNode tag : tags) {
            run.tags.put(tag.get("key").asText(), pair(tag, 5_000));
        }
    }

    private static String pair(JsonNode pair, int most) throws Refusal {
        String key = text(pair, "key");
        String value = text(pair, "value");
        require(NAME.matcher(key).matches(), "name " + key);
        require(value.length() <= most, "value of " + key + " is too long");
        return value;
    }
}
