package dev.zooflow.mlflow;

import dev.zooflow.experiment.RunId;
import dev.zooflow.message.BlobRef;
import dev.zooflow.message.BlobStore;
import dev.zooflow.message.Topic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the runs of a tracking server to what a {@link Mirror} says. Runs are found by their tags, and a tag of the run says up
 * to which place of each topic everything was logged: whoever begins anew goes on from there. For one thread.
 */
final class Session {

    private static final Logger LOG = LoggerFactory.getLogger(Session.class);
    private static final String RUN = "zooflow.run";
    private static final String FLOW = "zooflow.flow";
    private static final String POSITION = "zooflow.position.";
    private static final String PARENT = "mlflow.parentRunId";

    private final TrackingClient server;
    private final MlflowSettings settings;
    private final BlobStore blobs;
    private final RunId run;
    private final Map<String, TrackingClient.Run> flows = new HashMap<>();
    private final Map<Topic, Long> logged = new EnumMap<>(Topic.class);
    private Optional<String> experiment = Optional.empty();
    private Optional<TrackingClient.Run> parent = Optional.empty();
    private Optional<Mirror.End> said = Optional.empty();
    private boolean uploads;

    Session(TrackingClient server, MlflowSettings settings, BlobStore blobs, RunId run) {
        this.server = server;
        this.settings = settings;
        this.blobs = blobs;
        this.run = run;
        uploads = settings.artifacts();
    }

    /** The tags by which a run is found; an empty flow stands for the run as a whole. */
    static Map<String, String> tags(RunId run, String flow) {
        return Map.of(RUN, run.value(), FLOW, flow.isEmpty() ? "-" : flow);
    }

    /**
     * Finds the run, or makes it, and tells the mirror what was logged before.
     *
     * @throws RefusedException when the server will not have it
     */
    void open(Mirror mirror, Mirror.Submission submission) throws IOException, InterruptedException {
        if (parent.isPresent()) {
            return;
        }
        String name = settings.experiment().isEmpty() ? submission.name() : settings.experiment();
        experiment = Optional.of(server.experiment(name));
        Map<String, String> tags = tags(run, "");
        Optional<TrackingClient.Run> found = server.run(experiment.get(), tags);
        if (found.isPresent()) {
            parent = found;
            Map<Topic, Long> before = positions(found.get().tags());
            mirror.skip(before);
            logged.putAll(before);
            if (mirror.end().isEmpty()) {
                server.update(found.get(), TrackingClient.Status.RUNNING, 0);
            }
            return;
        }
        Map<String, String> all = new LinkedHashMap<>(tags);
        all.put("mlflow.source.name", "zooflow");
        all.put("mlflow.source.git.commit", submission.event().provenance().getOrDefault("git-commit", ""));
        all.values().removeIf(String::isEmpty);
        parent = Optional.of(server.create(experiment.get(), run.value(), submission.millis(), all));
        upload(parent.get(), "experiment.conf", submission.event().experiment().getBytes(StandardCharsets.UTF_8));
    }

    private static Map<Topic, Long> positions(Map<String, String> tags) {
        Map<Topic, Long> positions = new EnumMap<>(Topic.class);
        for (Topic topic : Mirror.TOPICS) {
            Optional.ofNullable(tags.get(POSITION + topic.thing()))
                    .filter(text -> text.matches("\\d{1,18}"))
                    .ifPresent(text -> positions.put(topic, Long.valueOf(text)));
        }
        return positions;
    }

    /** Logs what the mirror holds; what was taken by the server it holds no more. */
    void push(Mirror mirror) throws IOException, InterruptedException {
        mirror.settle();
        TrackingClient.Run top = parent.orElseThrow();
        long start = mirror.submission().orElseThrow().millis();
        Map<Topic, Long> seen = mirror.seen();
        for (String flow : List.copyOf(mirror.ofFlows().keySet())) {
            log(flow(flow, start), mirror.ofFlows().get(flow));
            mirror.ofFlows().remove(flow);
        }
        for (String flow : List.copyOf(mirror.models().keySet())) {
            upload(flow(flow, start), "flow.safetensors", mirror.models().get(flow));
            mirror.models().remove(flow);
        }
        if (!seen.equals(logged)) {
            seen.forEach((topic, offset) -> mirror.ofRun().tag(POSITION + topic.thing(), Long.toString(offset)));
        }
        log(top, mirror.ofRun());
        mirror.ofRun().clear();
        logged.putAll(seen);
        end(mirror, top);
    }

    private TrackingClient.Run flow(String name, long start) throws IOException, InterruptedException {
        Optional<TrackingClient.Run> known = known(name);
        if (known.isPresent()) {
            return known.get();
        }
        Map<String, String> all = new LinkedHashMap<>(tags(run, name));
        all.put(PARENT, parent.orElseThrow().id());
        TrackingClient.Run made = server.create(experiment.orElseThrow(), name, start, all);
        flows.put(name, made);
        return made;
    }

    private Optional<TrackingClient.Run> known(String flow) throws IOException, InterruptedException {
        if (!flows.containsKey(flow)) {
            server.run(experiment.orElseThrow(), tags(run, flow)).ifPresent(found -> flows.put(flow, found));
        }
        return Optional.ofNullable(flows.get(flow));
    }

    private void log(TrackingClient.Run target, Records records) throws IOException, InterruptedException {
        try {
            server.log(target, records);
        } catch (RefusedException e) {
            LOG.warn("MLflow does not take some values of run {}, which are left out: {}", run, e.getMessage());
        }
    }

    private void end(Mirror mirror, TrackingClient.Run top) throws IOException, InterruptedException {
        Optional<Mirror.End> end = mirror.end();
        if (end.equals(said)) {
            return;
        }
        for (String flow : mirror.flows()) {
            Optional<TrackingClient.Run> found = known(flow);
            if (found.isPresent()) {
                update(found.get(), end, end.map(e -> e.status(flow)));
            }
        }
        update(top, end, end.map(Mirror.End::status));
        said = end;
    }

    private void update(TrackingClient.Run target, Optional<Mirror.End> end, Optional<TrackingClient.Status> status)
            throws IOException, InterruptedException {
        server.update(
                target,
                status.orElse(TrackingClient.Status.RUNNING),
                end.map(Mirror.End::millis).orElse(0L));
    }

    private void upload(TrackingClient.Run target, String file, BlobRef ref) throws IOException, InterruptedException {
        if (uploads) {
            byte[] content;
            try {
                content = blobs.get(ref);
            } catch (IOException e) {
                LOG.warn("file {} of run {} is not uploaded: {}", file, run, e.getMessage());
                return;
            }
            upload(target, file, content);
        }
    }

    private void upload(TrackingClient.Run target, String file, byte[] content)
            throws IOException, InterruptedException {
        if (uploads) {
            try {
                server.upload(target, file, content);
            } catch (RefusedException e) {
                uploads = false;
                LOG.warn("no file of run {} is uploaded to MLflow: {}", run, e.getMessage());
            }
        }
    }
}
