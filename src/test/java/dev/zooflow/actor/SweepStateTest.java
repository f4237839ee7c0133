package dev.zooflow.actor;

import static dev.zooflow.actor.SampleRun.RUN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.message.Event;
import dev.zooflow.message.Event.Score;
import dev.zooflow.message.EventLog.Recorded;
import dev.zooflow.message.RunEvent;
import dev.zooflow.message.Task;
import dev.zooflow.message.TaskEvent.TaskStopped;
import dev.zooflow.message.Topic;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SweepStateTest {

    private static final String EXPERIMENT = """
            name = sample
            task { kind = two-moons, examples = 100 }
            network { hidden = [2] }
            zoo { training-trajectories = 3, held-out-trajectories = 2, trajectories-per-task = 5 }
            sweep {
              metric { name = novel_performant_075, goal = %s }
              early-terminate { type = asha, asha { grace-period = 1, reduction-factor = 2, max-t = 8 } }
              parameters.flow.sigma { values = [0.0, 0.1, 0.2] }
            }
            """;

    private static final Task ZOO = new Task.ProduceZoo(RUN, "", 0, 5);

    private static RunEvent.RunSubmitted submitted(String goal) {
        String text = ExperimentFile.render(ExperimentFile.parse(EXPERIMENT.formatted(goal)));
        return new RunEvent.RunSubmitted(RUN, text, Map.of());
    }

    private static Task train(String flow) {
        return new Task.TrainFlow(RUN, "", flow);
    }

    /** A score that is good on the test split where it is bad on the validation split. */
    private static Score score(String flow, int checkpoint, double validation, boolean last) {
        Map<String, Double> values =
                Map.of("novel_performant_075", 1 - validation, "validation_novel_performant_075", validation);
        return new Score(
                RUN, "generated/" + flow, checkpoint, 10L * checkpoint + 10, checkpoint, last, 2, values, Map.of());
    }

    private static List<Event> begun(String goal) {
        List<Event> events = new ArrayList<>(List.of(submitted(goal), SampleRun.completed(ZOO)));
        for (String flow : List.of("sigma-0.0", "sigma-0.1", "sigma-0.2")) {
            events.add(SampleRun.queued(train(flow)));
            events.add(SampleRun.started(train(flow), 1));
        }
        return events;
    }

    private static List<Event> threeScores(String goal) {
        List<Event> events = begun(goal);
        events.add(score("sigma-0.0", 0, 0.8, false));
        events.add(score("sigma-0.1", 0, 0.3, false));
        events.add(score("sigma-0.2", 0, 0.9, false));
        return events;
    }

    private static List<TaskStopped> stops(List<Event> events) {
        return Planner.plan(SampleRun.fold(SampleRun.recorded(events))).decisions().stream()
                .map(TaskStopped.class::cast)
                .toList();
    }

    @Test
    void theValidationSplitDecidesWhatIsStopped() {
        assertThat(stops(threeScores("maximize"))).singleElement().satisfies(stop -> {
            assertThat(stop.task()).isEqualTo("train/sigma-0.1");
            assertThat(stop.step()).isEqualTo(10);
            assertThat(stop.reason()).isEqualTo("validation_novel_performant_075 0.3000 is below 0.8000");
        });
        assertThat(stops(threeScores("minimize"))).extracting(TaskStopped::task).containsExactly("train/sigma-0.2");
    }

    @Test
    void scoresWithoutTheValidationSplitStopNothing() {
        List<Event> events = begun("maximize");
        for (String flow : List.of("sigma-0.0", "sigma-0.1")) {
            double value = flow.endsWith("0.0") ? 0.9 : 0.1;
            events.add(new Score(
                    RUN, "generated/" + flow, 0, 1, 1, false, 2, Map.of("novel_performant_075", value), Map.of()));
        }
        assertThat(stops(events)).isEmpty();
    }

    @Test
    void aStopIsToldOnceAndTheTrialIsAskedForNothingMore() {
        List<Event> events = threeScores("maximize");
        TaskStopped stop = stops(events).get(0);
        events.add(stop);
        events.add(SampleRun.checkpoint("sigma-0.1", 1, false));
        events.add(score("sigma-0.1", 1, 0.99, false));
        RunState state = SampleRun.fold(SampleRun.recorded(events));
        assertThat(state.tasks().isStopped("train/sigma-0.1")).isTrue();
        Planner.Plan plan = Planner.plan(state);
        assertThat(plan.decisions()).isEmpty();
        assertThat(plan.tasks()).extracting(Task::id).containsExactly("evaluate/baselines");
    }

    @Test
    void theRunEndsWithoutAFinalScoreOfAStoppedTrial() {
        List<Event> events = threeScores("maximize");
        events.add(stops(events).get(0));
        events.add(SampleRun.completed(new Task.EvaluateBaselines(RUN, "")));
        for (String flow : List.of("sigma-0.0", "sigma-0.2")) {
            events.add(SampleRun.completed(train(flow)));
            events.add(score(flow, 4, 0.9, true));
        }
        assertThat(Planner.plan(SampleRun.fold(SampleRun.recorded(events))).completed())
                .hasValueSatisfying(end -> assertThat(end.failed()).isEmpty());
    }

    @Test
    void aTrainingThatCameToItsEndIsNotStopped() {
        List<Event> events = begun("maximize");
        events.add(score("sigma-0.0", 0, 0.8, false));
        events.add(SampleRun.checkpoint("sigma-0.1", 1, true));
        events.add(score("sigma-0.1", 0, 0.3, false));
        assertThat(stops(events)).isEmpty();
    }

    @Test
    void whoeverReadsTheLogAnewDecidesTheSameInWhateverOrderOfTopics() {
        List<Event> events = threeScores("maximize");
        events.add(score("sigma-0.0", 1, 0.4, false));
        events.add(score("sigma-0.2", 1, 0.5, false));
        events.add(score("sigma-0.0", 3, 0.6, false));
        List<Recorded> log = SampleRun.recorded(events);
        RunState live = SampleRun.fold(log);
        assertThat(live.sweep().stops()).containsOnlyKeys("sigma-0.1");

        List<Recorded> scoresFirst = new ArrayList<>(log);
        scoresFirst.sort(Comparator.comparing(r -> r.event().topic() != Topic.SCORES));
        assertThat(SampleRun.fold(scoresFirst)).isEqualTo(live);
        List<Recorded> twice = new ArrayList<>(log);
        twice.addAll(log);
        assertThat(SampleRun.fold(twice)).isEqualTo(live);
    }
}
