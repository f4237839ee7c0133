package dev.zooflow.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import dev.zooflow.app.TrialProgress.State;
import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.RunId;
import dev.zooflow.message.Event;
import dev.zooflow.message.Role;
import dev.zooflow.message.RunEvent;
import dev.zooflow.message.TaskEvent;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunProgressTest {

    static final RunId RUN = new RunId("r");
    static final ExperimentSpec SPEC = ExperimentFile.parse(
            "name = r, zoo { training-trajectories = 6, held-out-trajectories = 4 }, flows = [{ name = a }, { name = b }, { name = c }, { name = d }]");

    private final RunProgress progress = new RunProgress(SPEC);

    static Event started(String flow) {
        return new TaskEvent.TaskStarted(RUN, "train/" + flow, Role.TRAINER, 1, "w");
    }

    static Event point(String stage, long step, double seconds, double progress) {
        return new Event.MetricPoint(RUN, stage, 1, step, seconds, progress, Map.of("loss", 0.5));
    }

    static Event trained(String flow) {
        return new TaskEvent.TaskCompleted(RUN, "train/" + flow, Role.TRAINER, 1, "w", 10);
    }

    static Event failed(String flow, boolean last) {
        return new TaskEvent.TaskFailed(RUN, "train/" + flow, Role.TRAINER, 1, "w", "no memory", last);
    }

    static Event stopped(String flow) {
        return new TaskEvent.TaskStopped(RUN, "train/" + flow, Role.TRAINER, 60, 5, "0.1 is below 0.5");
    }

    static Event score(String group, boolean last, double accuracy, double novel) {
        Map<String, Double> values =
                Map.of("accuracy_mean", accuracy, "nn_ratio_mean", 0.9, "novel_performant_075", novel);
        return new Event.Score(RUN, group, 1, 40, 2.5, last, 16, values, Map.of());
    }

    private void tell(Event... events) {
        List.of(events).forEach(progress::on);
    }

    @Test
    void runningOnesComeFirstAndFinishedOnesByTheirMetric() {
        tell(started("a"), started("b"), trained("a"), trained("b"), started("d"));
        tell(score("generated/a", true, 0.9, 0.1), score("generated/b", true, 0.8, 0.5));
        assertThat(progress.trials()).extracting(TrialProgress::name).containsExactly("d", "b", "a", "c");
        tell(failed("d", true));
        assertThat(progress.trials()).extracting(TrialProgress::name).containsExactly("b", "a", "d", "c");
        assertThat(progress.trial("d").note()).isEqualTo("no memory");
    }

    @Test
    void theMetricOfASweepRanks() {
        RunProgress sweep = new RunProgress(ExperimentFile.parse("""
                sweep {
                  method = grid, metric { name = loss_mean, goal = minimize }
                  parameters.flow.geometry { values = [normalized, euclidean] }
                }
                """));
        List<String> names = sweep.trials().stream().map(TrialProgress::name).toList();
        for (int i = 0; i < 2; i++) {
            sweep.on(trained(names.get(i)));
            Map<String, Double> values = Map.of("loss_mean", 1.0 - i / 2.0);
            sweep.on(new Event.Score(RUN, "generated/" + names.get(i), 1, 9, 1, true, 4, values, Map.of()));
        }
        assertThat(sweep.trials()).extracting(TrialProgress::name).containsExactly(names.get(1), names.get(0));
    }

    @Test
    void trialsThatAreProposedMeanwhileWait() {
        tell(new RunEvent.TrialProposed(RUN, 6, List.of(0.4), "{name=trial-006}"));
        assertThat(progress.trials()).hasSize(4);
        tell(started("trial-005"), new RunEvent.TrialProposed(RUN, 5, List.of(0.2), "{name=trial-005}"));
        assertThat(progress.trials()).hasSize(6);
        assertThat(progress.trial("trial-005").state()).isEqualTo(State.RUNNING);
        assertThat(progress.count(State.WAITING)).isEqualTo(5);
    }

    @Test
    void timesToGoAreExtrapolated() {
        assertThat(progress.toGo(1)).isEmpty();
        tell(point("zoo/0-5", 3, 2, 0.5));
        assertThat(progress.zoo()).isCloseTo(0.25, offset(1e-12));
        assertThat(progress.zooToGo().orElseThrow()).isCloseTo(6, offset(1e-12));
        tell(started("a"), point("flow/a", 100, 5, 0.25));
        assertThat(progress.trial("a").rate()).isEqualTo(20);
        assertThat(progress.trial("a").toGo().orElseThrow()).isCloseTo(15, offset(1e-12));
        // Three flows of 20 s wait: one after the other, or on four trainers at once.
        assertThat(progress.toGo(1).orElseThrow()).isCloseTo(75, offset(1e-12));
        assertThat(progress.toGo(4).orElseThrow()).isCloseTo(18.75, offset(1e-12));
        tell(new RunEvent.RunCompleted(RUN, List.of(), 9));
        assertThat(progress.toGo(1)).isEmpty();
        assertThat(progress.status()).isEqualTo("completed");
    }

    @Test
    void aTaskThatWillBeTriedAgainWaitsAndOneThatIsDoneStaysDone() {
        tell(started("a"), failed("a", false));
        assertThat(progress.trial("a").state()).isEqualTo(State.WAITING);
        tell(started("a"), trained("a"), failed("a", true), started("a"));
        assertThat(progress.trial("a").state()).isEqualTo(State.COMPLETED);
        assertThat(progress.training()).isCloseTo(0.25, offset(1e-12));
    }

    @Test
    void aTrialThatIsStoppedSaysWhyAndGoesBehindThoseThatEnded() {
        tell(started("a"), stopped("a"), point("flow/a", 70, 6, 0.6), failed("a", true), started("a"));
        assertThat(progress.trial("a").state()).isEqualTo(State.STOPPED);
        assertThat(progress.trial("a").note()).isEqualTo("stopped early at step 60: 0.1 is below 0.5");
        assertThat(progress.training()).isCloseTo(0.25, offset(1e-12));
        tell(trained("b"), failed("c", true));
        assertThat(progress.trials()).extracting(TrialProgress::name).containsExactly("b", "a", "c", "d");
        tell(trained("a"));
        assertThat(progress.trial("a").state()).isEqualTo(State.COMPLETED);
        assertThat(progress.trial("a").note()).isEmpty();
    }

    @Test
    void variantsAndBaselinesAreGroupsButNoTrials() {
        tell(
                score("held-out", true, 0.9, 1),
                score("generated/a/noisy", true, 0.9, 1),
                score("generated/a+5", true, 0.9, 1),
                score("generated/a", false, 0.7, 0.5));
        assertThat(progress.groups()).isEqualTo(3);
        assertThat(progress.trials()).hasSize(4);
        assertThat(progress.trial("a").score("accuracy_mean")).isEqualTo(0.7);
        tell(score("generated/a", true, 0.8, 0.5), score("generated/a", false, 0.6, 0.5));
        assertThat(progress.trial("a").score("accuracy_mean")).isEqualTo(0.8);
    }

    @Test
    void aPauseIsSaid() {
        tell(new RunEvent.RunPaused(RUN, 1));
        assertThat(progress.status()).isEqualTo("paused");
        tell(new RunEvent.RunContinued(RUN, 1));
        assertThat(progress.status()).isEqualTo("running");
    }
}
