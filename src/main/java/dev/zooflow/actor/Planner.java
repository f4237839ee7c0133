package dev.zooflow.actor;

import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.FlowSpec;
import dev.zooflow.experiment.RunId;
import dev.zooflow.experiment.ZooSpec;
import dev.zooflow.message.Event;
import dev.zooflow.message.Event.FlowCheckpoint;
import dev.zooflow.message.RunEvent;
import dev.zooflow.message.Task;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What a run needs next, as a pure function of what is known of it.
 *
 * <p>The zoo first, in tasks of {@link ZooSpec#trajectoriesPerTask}; when all of it is there, the baselines and all flows, of
 * a sweep no more at a time than it wants;
 * for each checkpoint of a flow a sample, for its final one also a sample of each variant of the sampling, and for each
 * sample an evaluation. The final one is also asked for the likelihood of trained networks, if the experiment wants it; with
 * another task to transfer to, that task's own networks and a transfer for the final checkpoint of each flow. A flow has at
 * most one checkpoint before its
 * final one between sampling and score, always the newest; those that were overtaken meanwhile are never sampled. A zoo
 * task that is given up ends the run, anything else only its trial, unless the sweep says otherwise. A trial that the
 * sweep's rule stops is asked for nothing more, unless its final checkpoint came first. While the run is paused nothing is
 * asked for.
 */
public final class Planner {

    private Planner() {}

    /**
     * The next messages.
     *
     * @param decisions to publish: stops, further attempts and further trials
     * @param tasks to queue
     * @param completed to publish when nothing is left to do
     */
    public record Plan(List<Event> decisions, List<Task> tasks, Optional<RunEvent.RunCompleted> completed) {

        private static final Plan NOTHING = new Plan(List.of(), List.of(), Optional.empty());

        /** Copies the lists. */
        public Plan {
            decisions = List.copyOf(decisions);
            tasks = List.copyOf(tasks);
        }
    }

    /** The plan for a state; empty before the submission, in a pause and after the end. */
    public static Plan plan(RunState state) {
        return plan(state, Optional.empty());
    }

    /**
     * The plan for a state that differs by one event from one whose plan was followed.
     *
     * @param flow that the event is about, if it is about one: then nothing else is looked at that can't have changed
     */
    static Plan plan(RunState state, Optional<String> flow) {
        if (state.over().isPresent() || state.life().paused()) {
            return Plan.NOTHING;
        }
        return state.submission()
                .map(s -> new Outlook(state, s, new FlowOutlook(state, s.spec())).plan(flow))
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

    /** A task that may be wanted, by the text of the experiment that it will carry. */
    private record Wanted(Optional<FlowSpec> flow, Function<String, Task> task) {}

    private record Outlook(RunState state, RunState.Submission submission, FlowOutlook flows) {

        private ExperimentSpec spec() {
            return submission.spec();
        }

        private TaskBook book() {
            return state.tasks();
        }

        Plan plan(Optional<String> changed) {
            List<Task> zoo = Planner.zoo(state.run(), submission.text(), spec());
            if (zoo.stream().anyMatch(t -> book().isLost(t.id()))) {
                return new Plan(List.of(), List.of(), Optional.of(completed()));
            }
            if (!zoo.stream().allMatch(t -> book().completed().containsKey(t.id()))) {
                return new Plan(
                        List.of(),
                        zoo.stream().filter(t -> !book().knows(t.id())).toList(),
                        Optional.empty());
            }
            List<FlowSpec> some = changed.<List<FlowSpec>>map(name -> spec().flows().stream()
                            .filter(flow -> flow.name().equals(name))
                            .toList())
                    .filter(list -> !list.isEmpty())
                    .orElse(spec().flows());
            return plan(some);
        }

        private Plan plan(List<FlowSpec> some) {
            // Where a trial is over another one may begin, and the run may be over.
            boolean more = some.size() == spec().flows().size() || some.stream().anyMatch(flows::isOver);
            SweepPlanner sweep = new SweepPlanner(state, spec(), flows);
            List<Event> decisions = sweep.decisions(some, more);
            if (sweep.isToEnd(decisions)) {
                return new Plan(List.of(), List.of(), Optional.of(completed()));
            }
            List<Task> tasks = Stream.of(
                            trials(sweep.trials(some, more)),
                            evaluations(some),
                            likelihoods(some),
                            samples(some),
                            transfers(some))
                    .flatMap(s -> s)
                    .filter(w -> !book().knows(w.task().apply("").id()))
                    .map(w -> w.task().apply(w.flow().map(submission::text).orElse(submission.text())))
                    .toList();
            boolean over = more && tasks.isEmpty() && decisions.isEmpty() && sweep.isExhausted() && isOver();
            return new Plan(decisions, tasks, over ? Optional.of(completed()) : Optional.empty());
        }

        private Stream<Wanted> trials(List<FlowSpec> some) {
            return Stream.of(
                            Stream.of(new Wanted(
                                    Optional.empty(), text -> new Task.EvaluateBaselines(state.run(), text))),
                            some.stream()
                                    .map(flow -> new Wanted(
                                            Optional.of(flow),
                                            text -> new Task.TrainFlow(state.run(), text, flow.name()))),
                            spec().transfer().stream()
                                    .map(t -> new Wanted(
                                            Optional.empty(), text -> new Task.TransferBaselines(state.run(), text))))
                    .flatMap(s -> s);
        }

        private Stream<Wanted> transfers(List<FlowSpec> some) {
            return spec().transfer().isEmpty()
                    ? Stream.empty()
                    : some.stream()
                            .flatMap(flow -> flows.finalCheckpoint(flow).stream()
                                    .map(c -> new Wanted(
                                            Optional.of(flow), text -> new Task.TransferFlow(state.run(), text, c))));
        }

        private Stream<Wanted> samples(List<FlowSpec> some) {
            return some.stream()
                    .flatMap(flow -> flows.finalCheckpoint(flow)
                            .map(c -> allSamples(flow, c))
                            .orElseGet(() -> flows.nextCheckpoint(flow).stream()
                                    .map(c -> sample(
                                            flow, c, "", spec().sampling(flow).checkpointNetworks()))));
        }

        private Stream<Wanted> allSamples(FlowSpec flow, FlowCheckpoint last) {
            return spec().allSamplings(flow).stream().map(s -> sample(flow, last, s.name(), s.networks()));
        }

        private Wanted sample(FlowSpec flow, FlowCheckpoint c, String variant, int count) {
            return new Wanted(Optional.of(flow), text -> new Task.SampleFlow(state.run(), text, c, variant, count));
        }

        private Stream<Wanted> evaluations(List<FlowSpec> some) {
            return some.stream()
                    .flatMap(flow -> state.generated(flow.name()).stream()
                            .map(g -> new Wanted(
                                    Optional.of(flow),
                                    text -> new Task.EvaluateGenerated(
                                            state.run(),
                                            text,
                                            g.flow(),
                                            g.variant(),
                                            g.checkpoint(),
                                            g.step(),
                                            g.seconds(),
                                            g.last(),
                                            g.ref()))));
        }

        private Stream<Wanted> likelihoods(List<FlowSpec> some) {
            return some.stream()
                    .filter(spec().evaluation().likelihood()::appliesTo)
                    .flatMap(flow -> flows.finalCheckpoint(flow).stream()
                            .map(c -> new Wanted(
                                    Optional.of(flow), text -> new Task.EvaluateLikelihood(state.run(), text, c))));
        }

        private boolean isOver() {
            return book().isSettled(Task.EvaluateBaselines.ID)
                    && (spec().transfer().isEmpty() || book().isSettled(Task.TransferBaselines.ID))
                    && spec().flows().stream().allMatch(flows::isOver)
                    && spec().flows().stream().noneMatch(flows::isAnyUnderWay)
                    && book().isQuiet();
        }

        private RunEvent.RunCompleted completed() {
            List<String> failed = book().givenUp().keySet().stream()
                    .filter(book()::isLost)
                    .sorted()
                    .toList();
            return new RunEvent.RunCompleted(state.run(), state.life().round(), failed, state.seconds());
        }
    }

    /** Where the flows of a run stand. */
    record FlowOutlook(RunState state, ExperimentSpec spec) {

        static String train(FlowSpec flow) {
            return Task.TrainFlow.PREFIX + flow.name();
        }

        Optional<FlowCheckpoint> finalCheckpoint(FlowSpec flow) {
            return state.checkpoints(flow.name()).stream()
                    .filter(FlowCheckpoint::last)
                    .findFirst();
        }

        boolean isStopped(FlowSpec flow) {
            return finalCheckpoint(flow).isEmpty()
                    && (state.tasks().isStopped(train(flow))
                            || state.sweep().stop(flow.name()).isPresent());
        }

        /** The newest checkpoint before the final one, unless an older one is on its way. */
        Optional<FlowCheckpoint> nextCheckpoint(FlowSpec flow) {
            if (state.tasks().isLost(train(flow)) || isStopped(flow) || isAnyUnderWay(flow)) {
                return Optional.empty();
            }
            return state.checkpoints(flow.name()).stream().max(Comparator.comparingInt(FlowCheckpoint::index));
        }

        boolean isAnyUnderWay(FlowSpec flow) {
            return state.checkpoints(flow.name()).stream().anyMatch(this::isUnderWay);
        }

        private boolean isUnderWay(FlowCheckpoint c) {
            String sample = Task.SampleFlow.idOf(c.flow(), "", c.label());
            return state.tasks().knows(sample) && !isThrough(c);
        }

        /** Whether neither the checkpoint's sample nor its evaluation is still to come. */
        private boolean isThrough(FlowCheckpoint c) {
            return state.tasks().isLost(Task.SampleFlow.idOf(c.flow(), "", c.label()))
                    || state.tasks().isSettled(Task.EvaluateGenerated.idOf(c.flow(), "", c.label()));
        }

        boolean isOver(FlowSpec flow) {
            return state.tasks().isLost(train(flow))
                    || isStopped(flow)
                    || (spec.allSamplings(flow).stream().allMatch(s -> isOver(flow.name(), s.name()))
                            && (spec.transfer().isEmpty()
                                    || state.tasks().isSettled(Task.TransferFlow.PREFIX + flow.name())));
        }

        private boolean isOver(String flow, String variant) {
            String label = Event.checkpointLabel(0, true);
            return state.scores().contains(Event.Score.idOf(Event.Score.groupOf(flow, variant), label))
                    || state.tasks().isLost(Task.SampleFlow.idOf(flow, variant, label))
                    || state.tasks().isLost(Task.EvaluateGenerated.idOf(flow, variant, label));
        }
    }
}
