package dev.zooflow.actor;

import static dev.zooflow.actor.SampleRun.RUN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.FlowSpec;
import dev.zooflow.message.Event;
import dev.zooflow.message.RunEvent;
import dev.zooflow.message.RunEvent.TrialProposed;
import dev.zooflow.message.Task;
import dev.zooflow.message.TaskEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sweeps whose trials are done by a worker that computes nothing: the score of a trial is a function of its settings. */
class SweepPlannerTest {

    private static final String EXPERIMENT = """
            name = sample
            task { kind = two-moons, examples = 100 }
            network { hidden = [2] }
            zoo { training-trajectories = 3, held-out-trajectories = 2, trajectories-per-task = 5 }
            sweep { metric { name = loss_mean, goal = minimize }, %s }
            """;

    private static final String TPE =
            "method = tpe, run-cap = 24, parameters.flow { sigma { min = 0.0, max = 1.0, distribution = uniform }, geometry { values = [geometric, euclidean] } }";

    private static final String GRID = "parameters.flow.sigma { values = [0.0, 0.1, 0.2, 0.3, 0.4] }";

    private final List<Event> log = new ArrayList<>();
    private final List<String> giveUp = new ArrayList<>();
    private final Map<String, Integer> attempts = new HashMap<>();
    private int mostAtATime;

    private static RunEvent.RunSubmitted submitted(String sweep) {
        String text = ExperimentFile.render(ExperimentFile.parse(EXPERIMENT.formatted(sweep)));
        return new RunEvent.RunSubmitted(RUN, text, Map.of());
    }

    private static double loss(FlowSpec flow) {
        double far = flow.sigma() - 0.7;
        return far * far + (flow.geometry() == FlowSpec.Geometry.EUCLIDEAN ? 0 : 0.2);
    }

    private List<Event> attempt(Task task) {
        int attempt = attempts.merge(task.id(), 1, Integer::sum);
        List<Event> events = new ArrayList<>(List.of(SampleRun.started(task, attempt)));
        if (giveUp.remove(task.id())) {
            events.add(SampleRun.failed(task, attempt, true));
            return events;
        }
        if (task instanceof Task.TrainFlow train) {
            events.add(SampleRun.checkpoint(train.flow(), 0, true));
        } else if (task instanceof Task.EvaluateGenerated e) {
            FlowSpec flow = ExperimentFile.parse(e.experiment()).flow(e.flow());
            events.add(new Event.Score(
                    RUN,
                    "generated/" + e.flow(),
                    0,
                    1,
                    1,
                    true,
                    1,
                    Map.of("validation_loss_mean", loss(flow)),
                    Map.of()));
        } else if (task instanceof Task.SampleFlow) {
            events.addAll(SampleRun.results(task));
        }
        events.add(SampleRun.completed(task));
        return events;
    }

    /** Plays a run to its end; the coordinator plans after each event, by what that event is about. */
    private RunState play(String sweep) {
        Deque<Event> outbox = new ArrayDeque<>(List.of(submitted(sweep)));
        Deque<Task> waiting = new ArrayDeque<>();
        Deque<Event> worker = new ArrayDeque<>();
        RunState state = RunState.empty(RUN);
        while (state.over().isEmpty()) {
            if (outbox.isEmpty() && worker.isEmpty()) {
                worker.addAll(attempt(waiting.remove()));
            }
            Event event = outbox.isEmpty() ? worker.remove() : outbox.remove();
            log.add(event);
            state = state.with(SampleRun.recorded(log).get(log.size() - 1));
            Optional<String> flow = Subjects.flow(event);
            while (true) {
                Planner.Plan plan = Planner.plan(state, flow);
                assertThat(plan).as("after %s", event.id()).isEqualTo(Planner.plan(state));
                plan.completed().ifPresent(outbox::add);
                for (Event decision : plan.decisions()) {
                    outbox.add(decision);
                    state = state.with(decision);
                }
                for (Task task : plan.tasks()) {
                    waiting.add(task);
                    outbox.add(SampleRun.queued(task));
                    state = state.withQueued(task.id());
                }
                count(state);
                if (plan.decisions().stream().noneMatch(TrialProposed.class::isInstance)) {
                    break;
                }
                flow = Optional.empty();
            }
        }
        return state;
    }

    private void count(RunState state) {
        int active = (int) state.tasks().queued().keySet().stream()
                .filter(task -> task.startsWith("train/"))
                .map(task -> task.substring("train/".length()))
                .filter(flow -> !state.scores().contains("score/generated/" + flow + "/final"))
                .filter(flow -> !state.tasks().isLost("train/" + flow))
                .count();
        mostAtATime = Math.max(mostAtATime, active);
    }

    private List<TrialProposed> proposals() {
        return log.stream()
                .filter(TrialProposed.class::isInstance)
                .map(TrialProposed.class::cast)
                .toList();
    }

    @Test
    void tpeProposesOneTrialAfterAnotherUntilTheCap() {
        RunState state = play(TPE);
        assertThat(state.over())
                .hasValueSatisfying(end -> assertThat(end.failed()).isEmpty());
        assertThat(state.submission().orElseThrow().spec().flows()).hasSize(24);
        assertThat(proposals()).extracting(TrialProposed::number).containsExactlyElementsOf(range(11, 24));
        assertThat(mostAtATime).isEqualTo(1);
        double start = best(state, 0, 10);
        assertThat(best(state, 10, 24)).isLessThan(start);
    }

    private static List<Integer> range(int from, int to) {
        return IntStream.rangeClosed(from, to).boxed().toList();
    }

    private static double best(RunState state, int from, int to) {
        return state.submission().orElseThrow().spec().flows().subList(from, to).stream()
                .mapToDouble(SweepPlannerTest::loss)
                .min()
                .orElseThrow();
    }

    @Test
    void whoeverReadsTheLogAnewKnowsTheSameTrialsAndProposesTheSameNext() {
        RunState end = play(TPE);
        assertThat(SampleRun.fold(SampleRun.recorded(log))).isEqualTo(end);
        for (TrialProposed proposal : proposals()) {
            int at = log.indexOf(proposal);
            RunState before = SampleRun.fold(SampleRun.recorded(log.subList(0, at)));
            assertThat(Planner.plan(before).decisions()).containsExactly(proposal);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void noMoreTrialsAtATimeThanWanted(int most) {
        RunState state = play("max-concurrent = %d, %s".formatted(most, GRID));
        assertThat(state.over())
                .hasValueSatisfying(end -> assertThat(end.failed()).isEmpty());
        assertThat(mostAtATime).isEqualTo(most);
        assertThat(state.scores()).hasSize(5);
    }

    @Test
    void withoutABoundAllTrialsAreQueuedAtOnce() {
        play(GRID);
        assertThat(mostAtATime).isEqualTo(5);
    }

    @Test
    void aTrialThatFailsIsTriedAgainAsOftenAsWanted() {
        giveUp.addAll(List.of("train/sigma-0.1", "train/sigma-0.1", "train/sigma-0.2"));
        RunState state = play("max-retries = 1, " + GRID);
        assertThat(state.over())
                .hasValueSatisfying(end -> assertThat(end.failed()).containsExactly("train/sigma-0.1"));
        assertThat(state.scores()).hasSize(4);
        Set<String> retried = new TreeSet<>();
        log.stream().filter(TaskEvent.TaskRetried.class::isInstance).forEach(e -> retried.add(e.id()));
        assertThat(retried).containsExactly("train/sigma-0.1/retried/1", "train/sigma-0.2/retried/1");
    }

    @Test
    void aTrialThatFailsLosesItselfAloneOrEndsTheRun() {
        giveUp.add("train/sigma-0.1");
        RunState state = play(GRID);
        assertThat(state.over())
                .hasValueSatisfying(end -> assertThat(end.failed()).containsExactly("train/sigma-0.1"));
        assertThat(state.scores()).hasSize(4);

        log.clear();
        attempts.clear();
        giveUp.add("train/sigma-0.1");
        RunState stopped = play("on-failure = stop, max-concurrent = 1, " + GRID);
        assertThat(stopped.over())
                .hasValueSatisfying(end -> assertThat(end.failed()).containsExactly("train/sigma-0.1"));
        assertThat(stopped.scores()).hasSize(1);
    }

    @Test
    void tasksOfATrialCarryThatTrialAlone() {
        play(TPE);
        RunState state = SampleRun.fold(SampleRun.recorded(log));
        FlowSpec last = state.submission().orElseThrow().spec().flow("trial-024");
        String text = state.submission().orElseThrow().text(last);
        assertThat(ExperimentFile.parse(text).flows()).containsExactly(last);
    }
}
