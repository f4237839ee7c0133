package dev.zooflow.mlflow;

import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.FlatKeys;
import dev.zooflow.experiment.FlowSpec;
import dev.zooflow.experiment.UserError;
import dev.zooflow.message.BlobRef;
import dev.zooflow.message.Event;
import dev.zooflow.message.Event.FlowCheckpoint;
import dev.zooflow.message.Event.FlowLikelihood;
import dev.zooflow.message.Event.LossBarriers;
import dev.zooflow.message.Event.MetricPoint;
import dev.zooflow.message.Event.RunIngredients;
import dev.zooflow.message.Event.Score;
import dev.zooflow.message.EventLog.Recorded;
import dev.zooflow.message.RunEvent.RunCompleted;
import dev.zooflow.message.RunEvent.RunResumed;
import dev.zooflow.message.RunEvent.RunSubmitted;
import dev.zooflow.message.RunEvent.TrialProposed;
import dev.zooflow.message.Task;
import dev.zooflow.message.Topic;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One run as MLflow shall show it, folded from its events: what is still to be logged of the run as a whole, and of each flow.
 * Times are those of the events, so that what is logged again is the same. For one thread.
 */
final class Mirror {

    /** Topics that it is folded from. */
    static final Set<Topic> TOPICS = Set.of(Topic.RUNS, Topic.METRICS, Topic.SCORES, Topic.FLOWS);

    private static final String FLOW_STAGE = "flow/";
    private static final Pattern GENERATED = Pattern.compile("generated/([^/+]+)(?:/([^+]+))?(\\+\\d+)?");

    private final Map<Topic, Long> logged = new EnumMap<>(Topic.class);
    private final Map<Topic, Long> seen = new EnumMap<>(Topic.class);
    private final List<Recorded> waiting = new ArrayList<>();
    private final Set<String> described = new HashSet<>();
    private final Set<String> undescribed = new HashSet<>();
    private final Map<String, FlowSpec> specs = new LinkedHashMap<>();
    private final Map<Integer, TrialProposed> proposals = new HashMap<>();
    private Optional<ExperimentSpec> spec = Optional.empty();
    private final Records ofRun = new Records();
    private final Map<String, Records> ofFlows = new LinkedHashMap<>();
    private final Map<String, BlobRef> models = new LinkedHashMap<>();
    private Optional<Submission> submission = Optional.empty();
    private Optional<End> end = Optional.empty();

    /**
     * What began the run.
     *
     * @param millis when
     */
    record Submission(RunSubmitted event, String name, long millis) {}

    /**
     * What ended it.
     *
     * @param millis when
     */
    record End(RunCompleted event, long millis) {
        TrackingClient.Status status() {
            return event.endedByPerson()
                    ? TrackingClient.Status.KILLED
                    : event.failed().isEmpty() ? TrackingClient.Status.FINISHED : TrackingClient.Status.FAILED;
        }

        TrackingClient.Status status(String flow) {
            return status() == TrackingClient.Status.FAILED && !event.failed().contains(Task.TrainFlow.PREFIX + flow)
                    ? TrackingClient.Status.FINISHED
                    : status();
        }
    }

    /** What stands up to these places was logged before, by whoever came before us. */
    void skip(Map<Topic, Long> offsets) {
        logged.putAll(offsets);
    }

    /** One more event, in the order of its topic; one that comes again changes nothing. */
    void on(Recorded recorded) {
        Topic topic = recorded.ref().topic();
        long offset = recorded.ref().offset();
        if (offset <= seen.getOrDefault(topic, -1L)) {
            return;
        }
        seen.put(topic, offset);
        waiting.add(recorded);
        if (recorded.event() instanceof RunSubmitted e && submission.isEmpty()) {
            spec = spec(e);
            addFlows();
            submission = Optional.of(
                    new Submission(e, spec.map(ExperimentSpec::name).orElse("zooflow"), recorded.epochMillis()));
        } else if (recorded.event() instanceof TrialProposed e) {
            proposals.put(e.number(), e);
            addFlows();
        } else if (recorded.event() instanceof RunCompleted e) {
            end = Optional.of(new End(e, recorded.epochMillis()));
        } else if (recorded.event() instanceof RunResumed) {
            end = Optional.empty();
        }
    }

    /** Makes what is to be logged of the events so far; only now is it known what was logged before, and of which experiment. */
    void settle() {
        for (Recorded recorded : waiting) {
            if (recorded.ref().offset() > logged.getOrDefault(recorded.ref().topic(), -1L)) {
                log(recorded.event(), recorded.epochMillis());
            }
        }
        waiting.clear();
        specs.keySet().stream().filter(undescribed::contains).toList().forEach(this::flow);
    }

    /** Flows of the experiment, and trials that were proposed while it ran. */
    private void addFlows() {
        try {
            spec = spec.map(s -> TrialProposed.append(s, proposals));
        } catch (UserError e) {
            return; // of another version of the program
        }
        spec.ifPresent(s -> s.flows().forEach(flow -> specs.put(flow.name(), flow)));
    }

    private static Optional<ExperimentSpec> spec(RunSubmitted submitted) {
        try {
            return Optional.of(ExperimentFile.parse(submitted.experiment()));
        } catch (UserError e) {
            return Optional.empty(); // of another version of the program
        }
    }

    private void params(ExperimentSpec spec) {
        FlatKeys.of(spec).forEach((key, value) -> {
            if (!key.equals("flows")) {
                ofRun.param(key, value);
            }
        });
    }

    private void log(Event event, long millis) {
        if (event instanceof RunSubmitted e) {
            spec(e).ifPresent(this::params);
            e.provenance().forEach((key, value) -> ofRun.tag("zooflow.provenance." + key, value));
        } else if (event instanceof RunIngredients e) {
            e.values().forEach((key, value) -> ofRun.tag("zooflow.provenance." + key, value));
        } else if (event instanceof MetricPoint e) {
            boolean flow = e.stage().startsWith(FLOW_STAGE);
            Records records = flow ? flow(e.stage().substring(FLOW_STAGE.length())) : ofRun;
            String prefix = flow ? "" : e.stage() + "/";
            e.values().forEach((name, value) -> records.metric(prefix + name, value, millis, e.step()));
        } else if (event instanceof Score e) {
            score(e, millis);
        } else if (event instanceof FlowLikelihood e) {
            e.values().forEach((name, value) -> flow(e.flow()).metric(name, value, millis, 0));
        } else if (event instanceof LossBarriers e) {
            ofRun.metric("barriers/" + e.variant() + "/mean", e.mean(), millis, 0);
            ofRun.metric("barriers/" + e.variant() + "/std", e.std(), millis, 0);
        } else if (event instanceof FlowCheckpoint e && e.last()) {
            models.put(e.flow(), e.model());
        }
    }

    /** What a flow generates stands with the flow, of a variant or a refinement under its name; all else with the run. */
    private void score(Score score, long millis) {
        Matcher group = GENERATED.matcher(score.group());
        boolean generated = group.matches();
        Records records = generated ? flow(group.group(1)) : ofRun;
        String prefix = generated ? part(group.group(2)) + part(group.group(3)) : score.group() + "/";
        score.values().forEach((name, value) -> records.metric(prefix + name, value, millis, score.step()));
    }

    private static String part(@Nullable String name) {
        return name == null ? "" : name.replace("+", "plus ") + "/";
    }

    private Records flow(String name) {
        Records records = ofFlows.computeIfAbsent(name, n -> new Records());
        if (!specs.containsKey(name)) {
            undescribed.add(name); // Its proposal stands in another topic and may come later.
        } else if (described.add(name)) {
            undescribed.remove(name);
            FlatKeys.of(specs.get(name)).forEach(records::param);
        }
        return records;
    }

    Optional<Submission> submission() {
        return submission;
    }

    Optional<End> end() {
        return end;
    }

    /** What is to be logged of the run as a whole. */
    Records ofRun() {
        return ofRun;
    }

    /** What is to be logged of each flow. */
    Map<String, Records> ofFlows() {
        return ofFlows;
    }

    /** Names of all flows of the experiment. */
    Set<String> flows() {
        return Set.copyOf(specs.keySet());
    }

    /** Final checkpoints that are to be uploaded, by flow. */
    Map<String, BlobRef> models() {
        return models;
    }

    /** Up to where everything was seen. */
    Map<Topic, Long> seen() {
        return Map.copyOf(seen);
    }
}
