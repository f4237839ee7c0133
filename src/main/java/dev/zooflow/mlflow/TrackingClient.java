package dev.zooflow.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.zooflow.mlflow.Records.Metric;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A client of a tracking server: the requests of MLflow's REST API (2.0) that we make, within its limits. Each may be made again: what was
 * done is found, and the same parameter, tag or value of a metric is the same.
 */
final class TrackingClient {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final int MOST_METRICS = 1_000;
    private static final int MOST_PARAMS = 100;
    private static final String PROXY = "mlflow-artifacts:";
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Rest rest;

    /**
     * A run of the server.
     *
     * @param id of the run
     * @param artifacts where its artefacts lie, a URI
     * @param tags by key
     */
    record Run(String id, String artifacts, Map<String, String> tags) {}

    /** How a run stands. */
    enum Status {
        RUNNING,
        FINISHED,
        FAILED,
        KILLED
    }

    TrackingClient(MlflowSettings settings) {
        this(new Rest(settings.trackingUri().orElseThrow(), TIMEOUT, System.getenv()));
    }

    TrackingClient(Rest rest) {
        this.rest = rest;
    }

    /** The id of the experiment with this name, which is made if it is missing. */
    String experiment(String name) throws IOException, InterruptedException {
        Optional<String> found = find(name);
        if (found.isPresent()) {
            return found.get();
        }
        try {
            return rest.post("mlflow/experiments/create", JSON.objectNode().put("name", name))
                    .path("experiment_id")
                    .asText();
        } catch (RefusedException e) {
            // Another process was quicker.
            Optional<String> made = e.code().equals("RESOURCE_ALREADY_EXISTS") ? find(name) : Optional.empty();
            return made.orElseThrow(() -> e);
        }
    }

    private Optional<String> find(String name) throws IOException, InterruptedException {
        String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8);
        try {
            return Optional.of(rest.get("mlflow/experiments/get-by-name?experiment_name=" + encoded)
                    .at("/experiment/experiment_id")
                    .asText());
        } catch (RefusedException e) {
            if (e.code().equals("RESOURCE_DOES_NOT_EXIST")) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** The oldest run of an experiment with all these tags. */
    Optional<Run> run(String experiment, Map<String, String> tags) throws IOException, InterruptedException {
        ObjectNode content = JSON.objectNode();
        content.putArray("experiment_ids").add(experiment);
        content.put(
                "filter",
                tags.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(tag -> "tags.`%s` = '%s'".formatted(tag.getKey(), tag.getValue()))
                        .collect(Collectors.joining(" and ")));
        content.put("max_results", 1);
        content.putArray("order_by").add("attributes.start_time ASC");
        JsonNode found = rest.post("mlflow/runs/search", content).path("runs").path(0);
        return found.isMissingNode() ? Optional.empty() : Optional.of(run(found));
    }

    /** Makes a run. */
    Run create(String experiment, String name, long start, Map<String, String> tags)
            throws IOException, InterruptedException {
        ObjectNode content = JSON.objectNode()
                .put("experiment_id", experiment)
                .put("run_name", name)
                .put("start_time", start);
        content.set("tags", pairs(new ArrayList<>(tags.entrySet())));
        return run(rest.post("mlflow/runs/create", content).path("run"));
    }

    private static Run run(JsonNode node) {
        Map<String, String> tags = new HashMap<>();
        node.at("/data/tags")
                .forEach(tag ->
                        tags.put(tag.path("key").asText(), tag.path("value").asText()));
        return new Run(
                node.at("/info/run_id").asText(), node.at("/info/artifact_uri").asText(), tags);
    }

    /** Says how a run stands. */
    void update(Run run, Status status, long end) throws IOException, InterruptedException {
        ObjectNode content = JSON.objectNode().put("run_id", run.id()).put("status", status.name());
        if (status != Status.RUNNING) {
            content.put("end_time", end);
        }
        rest.post("mlflow/runs/update", content);
    }

    /** Logs everything, in as many requests as that takes; tags come last, so that they may say what was logged. */
    void log(Run run, Records records) throws IOException, InterruptedException {
        List<Metric> metrics = List.copyOf(records.metrics());
        for (int from = 0; from < metrics.size(); from += MOST_METRICS) {
            ArrayNode chunk = JSON.arrayNode();
            metrics.subList(from, Math.min(metrics.size(), from + MOST_METRICS)).forEach(m -> chunk.add(metric(m)));
            log(run, "metrics", chunk);
        }
        log(run, "params", records.params());
        log(run, "tags", records.tags());
    }

    private void log(Run run, String what, Map<String, String> all) throws IOException, InterruptedException {
        List<Map.Entry<String, String>> entries = new ArrayList<>(all.entrySet());
        for (int from = 0; from < entries.size(); from += MOST_PARAMS) {
            log(run, what, pairs(entries.subList(from, Math.min(entries.size(), from + MOST_PARAMS))));
        }
    }

    private void log(Run run, String what, ArrayNode chunk) throws IOException, InterruptedException {
        rest.post(
                "mlflow/runs/log-batch",
                JSON.objectNode().put("run_id", run.id()).set(what, chunk));
    }

    private static ObjectNode metric(Metric metric) {
        ObjectNode node = JSON.objectNode().put("key", metric.key());
        if (Double.isFinite(metric.value())) {
            node.put("value", metric.value());
        } else {
            // As the JSON of protocol buffers writes it, which is what the server reads.
            node.put("value", Double.toString(metric.value()));
        }
        return node.put("timestamp", metric.timestamp()).put("step", metric.step());
    }

    private static ArrayNode pairs(List<Map.Entry<String, String>> entries) {
        ArrayNode pairs = JSON.arrayNode();
        entries.forEach(e -> pairs.addObject().put("key", e.getKey()).put("value", e.getValue()));
        return pairs;
    }

    /**
     * Uploads a file through the server.
     *
     * @throws RefusedException also when the server leaves it to clients to reach the storage themselves
     */
    void upload(Run run, String file, byte[] content) throws IOException, InterruptedException {
        if (!run.artifacts().startsWith(PROXY)) {
            throw new RefusedException(
                    "",
                    "artefacts lie at %s, which the server leaves to clients. Maybe start it with --serve-artifacts?"
                            .formatted(run.artifacts().replaceFirst(":.*", ": …")));
        }
        String path = java.net.URI.create(run.artifacts()).getRawPath().replaceFirst("^/+", "");
        rest.put("mlflow-artifacts/artifacts/%s/%s".formatted(path, file), content);
    }
}
