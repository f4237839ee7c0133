package dev.zooflow.actor;

import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.FlowSpec;
import dev.zooflow.experiment.SweepSpace;
import dev.zooflow.experiment.SweepSpec;
import dev.zooflow.experiment.search.Tpe;
import dev.zooflow.message.Event;
import dev.zooflow.message.Role;
import dev.zooflow.message.RunEvent.TrialProposed;
import dev.zooflow.message.TaskEvent.TaskRetried;
import dev.zooflow.message.TaskEvent.TaskStopped;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What the sweep of a run decides, as a pure function of what is known; nothing for a run without one. */
record SweepPlanner(RunState state, ExperimentSpec spec, Planner.FlowOutlook flows) {

    private Optional<SweepSpec> sweep() {
        return spec.sweep();
    }

    /**
     * What is to be told: trainings to stop, tasks to try again, a further trial.
     *
     * @param some flows, whose trainings alone may be to stop
     * @param more whether a trial may have come to its end
     */
    List<Event> decisions(List<FlowSpec> some, boolean more) {
        if (sweep().isEmpty()) {
            return List.of();
        }
        List<Event> decisions = new ArrayList<>();
        some.stream().flatMap(this::stop).forEach(decisions::add);
        retries(sweep().get()).forEach(decisions::add);
        if (more) {
            proposal(sweep().get()).ifPresent(decisions::add);
        }
        return decisions;
    }

    private Stream<TaskStopped> stop(FlowSpec flow) {
        String task = Planner.FlowOutlook.train(flow);
        return state.tasks().isSettled(task) || flows.finalCheckpoint(flow).isPresent()
                ? Stream.empty()
                : state.sweep().stop(flow.name()).stream()
                        .map(stop -> new TaskStopped(
                                state.run(), task, Role.TRAINER, stop.step(), stop.seconds(), stop.reason()));
    }

    private Stream<TaskRetried> retries(SweepSpec sweep) {
        return state.tasks().givenUp().entrySet().stream()
                .filter(lost -> state.tasks().isLost(lost.getKey()))
                .filter(lost -> state.tasks().retries(lost.getKey()).size() < sweep.maxRetries())
                .map(lost -> new TaskRetried(state.run(), lost.getKey(), lost.getValue()));
    }

    /** Whether a failure ends the run: one that is not tried again. */
    boolean isToEnd(List<Event> decisions) {
        return sweep().filter(s -> s.onFailure() == SweepSpec.OnFailure.STOP).isPresent()
                && decisions.stream().noneMatch(TaskRetried.class::isInstance)
                && state.tasks().givenUp().keySet().stream().anyMatch(state.tasks()::isLost);
    }

    /** The flows whose training may be asked for: of some, or of all where a place may have become free. */
    List<FlowSpec> trials(List<FlowSpec> some, boolean more) {
        int most = sweep().map(SweepPlanner::mostConcurrent).orElse(0);
        if (most == 0) {
            return some;
        }
        List<FlowSpec> waiting =
                more ? spec.flows().stream().filter(flow -> !isBegun(flow)).toList() : List.of();
        int room = waiting.isEmpty() ? 0 : Math.max(0, most - active());
        // Those that were begun may be to begin again.
        return Stream.concat(
                        some.stream().filter(this::isBegun), waiting.stream().limit(room))
                .toList();
    }

    private static int mostConcurrent(SweepSpec sweep) {
        return sweep.method() == SweepSpec.Method.TPE ? Math.max(1, sweep.maxConcurrent()) : sweep.maxConcurrent();
    }

    private boolean isBegun(FlowSpec flow) {
        String task = Planner.FlowOutlook.train(flow);
        return state.tasks().queued().containsKey(task) || state.tasks().isSettled(task);
    }

    private int active() {
        return (int) spec.flows().stream()
                .filter(this::isBegun)
                .filter(flow -> !flows.isOver(flow))
                .count();
    }

    /** Whether no trial is still to be proposed. */
    boolean isExhausted() {
        return sweep().filter(s -> s.method() == SweepSpec.Method.TPE)
                .map(s -> spec.flows().size() >= s.runCap())
                .orElse(true);
    }

    private Optional<TrialProposed> proposal(SweepSpec sweep) {
        boolean due =
                !isExhausted() && spec.flows().stream().allMatch(this::isBegun) && active() < mostConcurrent(sweep);
        return due ? Optional.of(propose(sweep)) : Optional.empty();
    }

    private TrialProposed propose(SweepSpec sweep) {
        SweepSpace space = SweepSpace.of(sweep);
        int number = spec.flows().size() + 1;
        double[] places = space.propose(spec.seed(), number, observations(sweep, space));
        return new TrialProposed(
                state.run(), number, Arrays.stream(places).boxed().toList(), space.flow(number, places));
    }

    /** Trials that are over with a value, in their order. */
    private List<Tpe.Observation> observations(SweepSpec sweep, SweepSpace space) {
        List<double[]> startUp = space.startUp(spec.seed(), sweep.maxConcurrent(), sweep.runCap());
        return IntStream.range(0, spec.flows().size())
                .mapToObj(i -> (i < startUp.size() ? Optional.of(startUp.get(i)) : places(i + 1))
                        .flatMap(places -> observation(spec.flows().get(i), places)))
                .flatMap(Optional::stream)
                .toList();
    }

    /** Nothing for a trial that an extended run has from another one. */
    private Optional<double[]> places(int number) {
        return Optional.ofNullable(state.proposals().get(number))
                .map(p -> p.places().stream().mapToDouble(Double::doubleValue).toArray());
    }

    private Optional<Tpe.Observation> observation(FlowSpec flow, double[] places) {
        SweepState sweep = state.sweep();
        return Optional.ofNullable(sweep.ends().get(flow.name()))
                .map(end ->
                        new Tpe.Observation(places, sweep.complete().contains(flow.name()), end.time(), end.utility()));
    }
}
