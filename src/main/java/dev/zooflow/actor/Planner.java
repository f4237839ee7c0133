package dev.zooflow.actor;

import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.FlowSpec;
import dev.zooflow.experiment.RunId;
import dev.zooflow.experiment.ZooSpec;
import dev.zooflow.message.Event;
import dev.zooflow.message.Event.FlowCheckpoint;
import dev.zooflow.message.Role;
import dev.zooflow.message.RunEvent;
import dev.zooflow.message.Task;
import dev.zooflow.message.TaskEvent.TaskStopped;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a run needs next, as a pure function of what is known of it.
 *
 * <p>The zoo first, in tasks of {@link ZooSpec#trajectoriesPerTask}; when all of it is there, the baselines and all flows;
 * for each checkpoint of a flow a sample, for its final one also a sample of each variant of the sampling, and for each
 * sample an evaluation. The final one is also asked for the likelihood of trained networks, if the experiment wants it; with
 * another task to transfer to, that task's own networks and a transfer for the final checkpoint of each flow. A flow has at
 * most one checkpoint before its
 * final one between sampling and score, always the newest; those that were overtaken meanwhile are never sampled. A zoo
 * task that is given up ends the run, anything else only its trial. A trial that the sweep's rule stops is asked for nothing
 * more, unless its final checkpoint came first. While the run is paused nothing is asked for.
 */
public final class Planner {

    private Planner() {}

    /**
     * The next messages.
     *
     * @param stops of trainings, to publish
     * @param tasks to queue
     * @param completed to publish when nothing is left to do
     */
    public record Plan(List<TaskStopped> stops, List<Task> tasks, Optional<RunEvent.RunCompleted> completed) {

        private static final Plan NOTHING = new Plan(List.of(), List.of(), Optional.empty());

        /** Copies the lists. */
        public Plan {
            stops = List.copyOf(stops);
            tasks = List.copyOf(tasks);
        }
    }

    /** The plan for a state; empty before the submission, in a pause and after the end. */
    public static Plan plan(RunState state) {
        if (state.over().isPresent() || state.life().paused()) {
            return Plan.NOTHING;
        }
        return state.submission()
                .map(s -> new Outlook(state, s.text(), s.spec()).plan())
                .orElse(Plan.NOTHING);
    }

    /** The tasks that make the zoo of a run. */
    static List<Task> zoo(RunId run, String text, ExperimentSpec spec) {
        List<Task> tasks = new ArrayList<>();
        int n = spec.zoo().trajectories();
        for (int from = 0; from < n; from += spec.zoo().trajectoriesPerTask()) {
            int to = Math.min(from + spec.zoo().trajectoriesPerTask(), n);
            tasks.add(new Task.ProduceZoo(run, text, from, to));
        }
        return tasks;
    }

    private record Outlook(RunState state, String text, ExperimentSpec spec) {

        Plan plan() {
            List<Task> zoo = Planner.zoo(state.run(), text, spec);
            if (zoo.stream().anyMatch(t -> state.tasks().isLost(t.id()))) {
                return new Plan(List.of(), List.of(), Optional.of(completed()));
            }
            if (!zoo.stream().allMatch(t -> state.tasks().completed().containsKey(t.id()))) {
                return new Plan(List.of(), unknown(zoo.stream()), Optional.empty());
            }
            List<Task> tasks = unknown(Stream.of(trials(), evaluations(), likelihoods(), samples(), transfers())
                    .flatMap(s -> s));
            List<TaskStopped> stops = stops();
            boolean over = tasks.isEmpty() && stops.isEmpty() && isOver();
            return new Plan(stops, tasks, over ? Optional.of(completed()) : Optional.empty());
        }

        private List<Task> unknown(Stream<Task> tasks) {
            return tasks.filter(t -> !state.tasks().knows(t.id())).toList();
        }

        private Stream<Task> trials() {
            return Stream.of(Stream.of(baselines()), spec.flows().stream().map(this::train), transferBaselines())
                    .flatMap(s -> s);
        }

        private List<TaskStopped> stops() {
            return spec.flows().stream()
                    .filter(flow -> !state.tasks().isSettled(train(flow).id()))
                    .filter(flow -> finalCheckpoint(flow).isEmpty())
                    .flatMap(flow -> state.sweep().stop(flow.name()).stream()
                            .map(stop -> new TaskStopped(
                                    state.run(),
                                    train(flow).id(),
                                    Role.TRAINER,
                                    stop.step(),
                                    stop.seconds(),
                                    stop.reason())))
                    .toList();
        }

        private boolean isStopped(FlowSpec flow) {
            return finalCheckpoint(flow).isEmpty()
                    && (state.tasks().isStopped(train(flow).id())
                            || state.sweep().stop(flow.name()).isPresent());
        }

        private Stream<Task> transferBaselines() {
            return spec.transfer().stream().map(t -> new Task.TransferBaselines(state.run(), text));
        }

        private Stream<Task> transfers() {
            return spec.transfer().stream()
                    .flatMap(t -> spec.flows().stream())
                    .flatMap(flow -> finalCheckpoint(flow).stream())
                    .map(c -> new Task.TransferFlow(state.run(), text, c));
        }

        private Task baselines() {
            return new Task.EvaluateBaselines(state.run(), text);
        }

        private Task train(FlowSpec flow) {
            return new Task.TrainFlow(state.run(), text, flow.name());
        }

        private Stream<Task> samples() {
            return spec.flows().stream()
                    .flatMap(flow -> finalCheckpoint(flow)
                            .map(this::allSamples)
                            .orElseGet(() -> nextCheckpoint(flow).stream()
                                    .map(c -> sample(c, "", spec.sampling().checkpointNetworks()))));
        }

        private Stream<Task> allSamples(FlowCheckpoint last) {
            return spec.allSamplings().stream().map(s -> sample(last, s.name(), s.networks()));
        }

        private Task sample(FlowCheckpoint c, String variant, int count) {
            return new Task.SampleFlow(state.run(), text, c, variant, count);
        }

        private Optional<FlowCheckpoint> finalCheckpoint(FlowSpec flow) {
            return checkpoints(flow).filter(FlowCheckpoint::last).findFirst();
        }

        /** The newest checkpoint before the final one, unless an older one is on its way. */
        private Optional<FlowCheckpoint> nextCheckpoint(FlowSpec flow) {
            if (state.tasks().isLost(train(flow).id())
                    || isStopped(flow)
                    || checkpoints(flow).anyMatch(this::isUnderWay)) {
                return Optional.empty();
            }
            return checkpoints(flow).max(Comparator.comparingInt(FlowCheckpoint::index));
        }

        private boolean isUnderWay(FlowCheckpoint c) {
            String sample = Task.SampleFlow.idOf(c.flow(), "", c.label());
            return state.tasks().knows(sample) && !isThrough(c);
        }

        private Stream<FlowCheckpoint> checkpoints(FlowSpec flow) {
            return state.checkpoints().values().stream().filter(c -> c.flow().equals(flow.name()));
        }

        private Stream<Task> evaluations() {
            return state.generated().values().stream()
                    .map(g -> new Task.EvaluateGenerated(
                            state.run(),
                            text,
                            g.flow(),
                            g.variant(),
                            g.checkpoint(),
                            g.step(),
                            g.seconds(),
                            g.last(),
                            g.ref()));
        }

        private Stream<Task> likelihoods() {
            return spec.flows().stream()
                    .filter(spec.evaluation().likelihood()::appliesTo)
                    .flatMap(flow -> finalCheckpoint(flow).stream())
                    .map(c -> new Task.EvaluateLikelihood(state.run(), text, c));
        }

        private boolean isOver() {
            return state.tasks().isSettled(baselines().id())
                    && transferBaselines().map(Task::id).allMatch(state.tasks()::isSettled)
                    && spec.flows().stream().allMatch(this::isOver)
                    && state.checkpoints().values().stream().noneMatch(this::isUnderWay)
                    && state.tasks().isQuiet();
        }

        private boolean isOver(FlowSpec flow) {
            return state.tasks().isLost(train(flow).id())
                    || isStopped(flow)
                    || (spec.allSamplings().stream().allMatch(s -> isOver(flow.name(), s.name()))
                            && (spec.transfer().isEmpty()
                                    || state.tasks().isSettled(Task.TransferFlow.PREFIX + flow.name())));
        }

        private boolean isOver(String flow, String variant) {
            String label = Event.checkpointLabel(0, true);
            return state.scores().contains(Event.Score.idOf(Event.Score.groupOf(flow, variant), label))
                    || state.tasks().isLost(Task.SampleFlow.idOf(flow, variant, label))
                    || state.tasks().isLost(Task.EvaluateGenerated.idOf(flow, variant, label));
        }

        /** Whether neither the checkpoint's sample nor its evaluation is still to come. */
        private boolean isThrough(FlowCheckpoint c) {
            return state.tasks().isLost(Task.SampleFlow.idOf(c.flow(), "", c.label()))
                    || state.tasks().isSettled(Task.EvaluateGenerated.idOf(c.flow(), "", c.label()));
        }

        private RunEvent.RunCompleted completed() {
            List<String> failed = state.tasks().givenUp().keySet().stream()
                    .filter(state.tasks()::isLost)
                    .sorted()
                    .toList();
            return new RunEvent.RunCompleted(state.run(), state.life().round(), failed, state.seconds());
        }
    }
}
