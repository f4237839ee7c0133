package dev.zooflow.actor;

import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.FlowSpec;
import dev.zooflow.experiment.RunId;
import dev.zooflow.experiment.TrainingSpec;
import dev.zooflow.experiment.UserError;
import dev.zooflow.message.BlobStore;
import dev.zooflow.message.Event;
import dev.zooflow.message.Event.FlowCheckpoint;
import dev.zooflow.message.EventLog;
import dev.zooflow.message.RunEvent.RunExtended;
import dev.zooflow.message.Task;
import dev.zooflow.message.TaskEvent.TaskCompleted;
import dev.zooflow.message.Topic;
import dev.zooflow.model.TrainingState;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A new run that goes on from one that is over. It learns from the same zoo, where that stands; flows with the same settings
 * are taken over with their final checkpoint, those with another budget are trained on from their last state, and others
 * are trained as in any run. Everything is sampled and evaluated anew.
 *
 * <p>All that makes the difference to any other run is what {@link #events} returns and {@link #saveStates} saves: with these
 * events in the log the tasks that need not be done are completed.
 */
public final class Extension {

    private final EventLog log;
    private final BlobStore blobs;
    private final RunState source;
    private final RunId zoo;

    private Extension(EventLog log, BlobStore blobs, RunState source) {
        this.log = log;
        this.blobs = blobs;
        this.source = source;
        this.zoo = RunZoos.origin(source.run(), log);
    }

    /**
     * Prepares to go on from a run.
     *
     * @throws UserError when it is not over, or the log does not know it
     */
    public static Extension of(RunId source, EventLog log, BlobStore blobs) {
        RunState[] state = {RunState.empty(source)};
        for (Topic topic : Coordinator.TOPICS) {
            log.replay(source, topic, recorded -> state[0] = state[0].with(recorded));
        }
        if (state[0].submission().isEmpty()) {
            throw UserError.usage(
                    "run (%s) is unknown. Maybe see `zooflow status`, or other brokers?".formatted(source));
        }
        if (state[0].over().isEmpty()) {
            throw UserError.usage(
                    "run (%s) is not over. Maybe wait for its end, or `zooflow cancel %s`?".formatted(source, source));
        }
        return new Extension(log, blobs, state[0]);
    }

    /**
     * The experiment of the source with other values.
     *
     * @param overrides {@code key=value}
     * @throws UserError when they can't be done by an extension, because a flow can't be trained on, for example
     * @throws IOException when the blob store can't be read
     */
    public ExperimentSpec experiment(List<String> overrides) throws IOException {
        for (String override : overrides) {
            // Of a run's experiment every flow is written out and inherits nothing any more.
            if (override.startsWith("flow.")) {
                throw UserError.usage("override (%s) changes no flow of run (%s). Maybe flows.%s.%s?"
                        .formatted(
                                override, source.run(), flows().get(0).name(), override.substring("flow.".length())));
            }
        }
        // Not the text that tasks carry, which has one trial of a sweep.
        ExperimentSpec spec = ExperimentFile.parse(ExperimentFile.render(spec()), overrides);
        check(spec);
        return spec;
    }

    private ExperimentSpec spec() {
        return source.submission().orElseThrow().spec();
    }

    private List<FlowSpec> flows() {
        return spec().flows();
    }

    private void check(ExperimentSpec spec) throws IOException {
        if (spec.equals(spec())) {
            throw UserError.usage(
                    "overrides () change nothing of run (%s). Maybe 'flows.%s.training={steps=2000, time=2m}'?"
                            .formatted(source.run(), flows().get(0).name()));
        }
        requireSame("seed", spec.seed(), spec().seed());
        requireSame("task", spec.task(), spec().task());
        requireSame("network", spec.network(), spec().network());
        requireSame("zoo", spec.zoo(), spec().zoo());
        requireZoo();
        spec.flows().forEach(this::checkSettings);
        for (FlowSpec flow : spec.flows()) {
            if (before(flow.name()).isPresent() && !isTakenOver(flow)) {
                checkState(flow);
            }
        }
    }

    /** A training that never ended begins anew where no state is left. */
    private void checkState(FlowSpec flow) throws IOException {
        Optional<TrainingState> state = last(flow.name());
        if (state.isPresent()) {
            requireRoom(flow.name(), flow.training(), state.get());
        } else if (end(flow.name()).isPresent()) {
            throw UserError.usage(
                    "flow (%s) of run (%s) has no last state to train on from. Maybe `zooflow gc` freed it: give the flow another name?"
                            .formatted(flow.name(), source.run()));
        }
    }

    private void requireSame(String key, Object wanted, Object is) {
        if (!wanted.equals(is)) {
            throw UserError.usage("%s differs from that of run (%s), whose zoo does not fit any more. Maybe a new run?"
                    .formatted(key, source.run()));
        }
    }

    private void requireZoo() {
        int wanted = spec().zoo().trajectories();
        Set<Integer> there = new HashSet<>();
        log.replay(zoo, Topic.WEIGHTS_ZOO, recorded -> {
            if (recorded.event() instanceof Event.ZooTrajectory t && t.trajectory() < wanted) {
                there.add(t.trajectory());
            }
        });
        if (there.size() < wanted) {
            throw UserError.usage(
                    "run (%s) has %d of the %d trajectories of its zoo in the log. Maybe it ended before they were trained, or some expired: a new run?"
                            .formatted(zoo, there.size(), wanted));
        }
    }

    private void checkSettings(FlowSpec flow) {
        before(flow.name()).filter(f -> !settings(f).equals(settings(flow))).ifPresent(f -> {
            throw UserError.usage(
                    "flow (%s) has other settings than in run (%s), and not only another budget. Maybe give it another name: then it is trained from its beginning?"
                            .formatted(flow.name(), source.run()));
        });
    }

    private Optional<FlowSpec> before(String flow) {
        return flows().stream().filter(f -> f.name().equals(flow)).findFirst();
    }

    /** The flow without how it is sampled, and what only says how long it is trained and how often that is told. */
    private static FlowSpec settings(FlowSpec flow) {
        TrainingSpec t = flow.training();
        return flow.trained()
                .with(new TrainingSpec(
                        0,
                        Duration.ZERO,
                        t.batchSize(),
                        t.optimizer(),
                        t.learningRate(),
                        t.weightDecay(),
                        t.warmUp(),
                        t.clipNorm(),
                        t.emaDecay(),
                        Duration.ZERO,
                        0,
                        Duration.ZERO));
    }

    /**
     * What makes a new run an extension of its source.
     *
     * @param run that is to begin
     * @param spec by {@link #experiment}
     * @return what is to be published after its submission and before a coordinator takes it
     */
    public List<Event> events(RunId run, ExperimentSpec spec) {
        String text = ExperimentFile.render(spec);
        List<Event> events = new ArrayList<>(List.of(new RunExtended(run, source.run(), zoo)));
        Planner.zoo(run, text, spec).forEach(task -> events.add(completed(task)));
        spec.flows().stream().filter(this::isTakenOver).forEach(flow -> {
            FlowCheckpoint c = end(flow.name()).orElseThrow();
            events.add(new FlowCheckpoint(run, c.flow(), c.index(), c.step(), c.seconds(), true, c.loss(), c.model()));
            events.add(completed(new Task.TrainFlow(run, text, flow.name())));
        });
        return events;
    }

    /**
     * Saves the last states of the source's flows for the new run, from which they are trained on there or by whoever
     * extends it. To be called once its submission is in the log, so that states never belong to a run that nobody knows.
     *
     * @throws IOException when the blob store fails
     */
    public void saveStates(RunId run, ExperimentSpec spec) throws IOException {
        String text = ExperimentFile.render(spec);
        for (FlowSpec flow : spec.flows()) {
            Optional<TrainingState> state = before(flow.name()).isPresent() ? last(flow.name()) : Optional.empty();
            if (state.isPresent()) {
                new TrainingStates(blobs, new Task.TrainFlow(run, text, flow.name()), spec).save(state.get());
            }
        }
    }

    private Event completed(Task task) {
        return new TaskCompleted(task.run(), task.id(), task.role(), 1, "run " + source.run(), 0);
    }

    private Optional<FlowCheckpoint> end(String flow) {
        return source.checkpoints().values().stream()
                .filter(c -> c.flow().equals(flow) && c.last())
                .findFirst();
    }

    private boolean isTakenOver(FlowSpec flow) {
        return end(flow.name()).isPresent() && hasSameBudget(flow);
    }

    private boolean hasSameBudget(FlowSpec flow) {
        TrainingSpec was = before(flow.name()).orElseThrow().training();
        return was.steps() == flow.training().steps()
                && was.time().equals(flow.training().time());
    }

    private Optional<TrainingState> last(String flow) throws IOException {
        Task.TrainFlow task = new Task.TrainFlow(source.run(), "", flow);
        return new TrainingStates(blobs, task, spec()).newest();
    }

    private static void requireRoom(String flow, TrainingSpec budget, TrainingState state) {
        boolean stepsLeft = budget.steps() == 0 || budget.steps() > state.step();
        boolean timeLeft = budget.time().isZero() || budget.time().toNanos() > state.seconds() * 1e9;
        if (!stepsLeft || !timeLeft) {
            throw UserError.usage(
                    "flows.%s.training of %d steps (0 is no bound) and %s is used up after %d steps in %.1f s. Maybe a larger flows.%s.training.%s?"
                            .formatted(
                                    flow,
                                    budget.steps(),
                                    budget.time(),
                                    state.step(),
                                    state.seconds(),
                                    flow,
                                    timeLeft ? "steps" : "time"));
        }
    }
}
