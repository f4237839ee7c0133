package dev.zooflow.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.RunId;
import dev.zooflow.message.BlobRef;
import dev.zooflow.message.Event;
import dev.zooflow.message.Event.FlowCheckpoint;
import dev.zooflow.message.Event.MetricPoint;
import dev.zooflow.message.Event.Score;
import dev.zooflow.message.Role;
import dev.zooflow.message.RunEvent.RunSubmitted;
import dev.zooflow.message.RunEvent.TrialProposed;
import dev.zooflow.message.TaskEvent.TaskStopped;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrialTableTest {

    private static final RunId RUN = new RunId("sweep-1");

    private static Event submitted(String sweep) {
        String text = "sweep { metric { name = loss_mean, goal = minimize }, %s }".formatted(sweep);
        return new RunSubmitted(RUN, ExperimentFile.render(ExperimentFile.parse(text)), Map.of());
    }

    /** The test split says the opposite of the validation split. */
    private static Event score(String flow, int checkpoint, double validation, boolean last) {
        Map<String, Double> values = Map.of("validation_loss_mean", validation, "loss_mean", 1 - validation);
        return new Score(RUN, "generated/" + flow, checkpoint, 100L * checkpoint, 1, last, 4, values, Map.of());
    }

    private static RunRecord record(Event... events) {
        RunCollector collector = new RunCollector(RUN, 0);
        List.of(events).forEach(collector::accept);
        return collector.record();
    }

    private static final RunRecord RECORD = record(
            submitted("parameters.flow.sigma.values = [0.0, 0.1, 0.2, 0.3]"),
            score("sigma-0.0", 4, 0.4, true),
            score("sigma-0.1", 1, 0.1, false),
            score("sigma-0.2", 4, 0.3, true),
            score("sigma-0.3", 2, 0.9, false),
            new TaskStopped(RUN, "train/sigma-0.1", Role.TRAINER, 100, 1, "too bad"),
            new TaskStopped(RUN, "train/sigma-0.3", Role.TRAINER, 200, 1, "too bad"));

    @Test
    void theValidationSplitRanksAndStoppedTrialsFollow() {
        List<List<String>> rows = TrialTable.rows(RECORD, 10);
        assertThat(rows.get(0))
                .containsExactly("trial", "validation_loss_mean", "loss_mean", "accuracy", "nn ratio", "sigma", "end");
        assertThat(rows)
                .extracting(row -> row.get(0))
                .containsExactly("trial", "sigma-0.2", "sigma-0.0", "sigma-0.3", "sigma-0.1");
        assertThat(rows.get(1)).containsExactly("sigma-0.2", "0.300", "0.700", "–", "–", "0.2", "");
        assertThat(rows.get(3)).endsWith("stopped early at step 200: too bad");
        assertThat(TrialTable.rows(RECORD, 1)).hasSize(2);
        assertThat(TrialTable.html(RECORD)).contains("<td>stopped early at step 100: too bad</td>");
    }

    @Test
    void stoppedTrialsStandApartInTheScores() throws IOException {
        JsonNode scores = new ObjectMapper().readTree(ScoresJson.write(RECORD));
        assertThat(scores.get("rows").findValuesAsText("group"))
                .containsExactly("generated/sigma-0.0", "generated/sigma-0.2");
        JsonNode stopped = scores.get("stopped");
        assertThat(stopped.findValuesAsText("group")).containsExactly("generated/sigma-0.1", "generated/sigma-0.3");
        assertThat(stopped.get(1).get("validation_loss_mean").doubleValue()).isEqualTo(0.9);
        assertThat(stopped.get(1).get("step").longValue()).isEqualTo(200);
        assertThat(stopped.get(1).get("reason").textValue()).endsWith("too bad");
    }

    private static final String IN_STEPS =
            "sweep { early-terminate.type = asha, parameters.flow.sigma.values = [0.0, 0.1, 0.2] },"
                    + " flow.training { steps = 1000, time = 0 }";

    private static RunRecord effort(String experiment) {
        return record(
                new RunSubmitted(RUN, ExperimentFile.render(ExperimentFile.parse(experiment)), Map.of()),
                new FlowCheckpoint(RUN, "sigma-0.0", 4, 1000, 40, true, 0.1, new BlobRef("0".repeat(64), 1)),
                score("sigma-0.1", 1, 0.1, false),
                new MetricPoint(RUN, "flow/sigma-0.1", 1, 130, 6.5, 0.13, Map.of()),
                new TaskStopped(RUN, "train/sigma-0.1", Role.TRAINER, 100, 1, "too bad"),
                score("sigma-0.2", 2, 0.1, false));
    }

    @Test
    void whatIsTrainedOfTheBudgetIsSaidWhereTrialsAreStopped() throws IOException {
        SweepEffort inSteps = SweepEffort.of(effort(IN_STEPS)).orElseThrow();
        assertThat(inSteps).isEqualTo(new SweepEffort(1, "steps", 1330, 3000));
        assertThat(inSteps.line()).isEqualTo("trained 1,330 of 3,000 steps (44.3 %), 1 trial stopped early");
        JsonNode sweep =
                new ObjectMapper().readTree(ScoresJson.write(effort(IN_STEPS))).get("sweep");
        assertThat(sweep.get("trials_stopped").intValue()).isEqualTo(1);
        assertThat(sweep.get("trained").doubleValue()).isEqualTo(1330);
        assertThat(sweep.get("budget").doubleValue()).isEqualTo(3000);
        assertThat(sweep.get("unit").textValue()).isEqualTo("steps");

        String inSeconds = IN_STEPS.replace("steps = 1000, time = 0", "steps = 0, time = 50 s");
        // One came to its end after 40 s, which was all that it had.
        assertThat(SweepEffort.of(effort(inSeconds))).contains(new SweepEffort(1, "seconds", 47.5, 140));
        assertThat(SweepEffort.of(effort(IN_STEPS.replace("type = asha", "type = none"))))
                .isEmpty();
        assertThat(new ObjectMapper().readTree(ScoresJson.write(RECORD)).has("sweep"))
                .isFalse();
    }

    @Test
    void aBudgetThatIsNotKnownIsNotGuessed() {
        SweepEffort unknown = new SweepEffort(2, "seconds", 7, Double.NaN);
        assertThat(unknown.line()).isEqualTo("2 trials stopped early");
    }

    @Test
    void aStoppedTrainingIsNeitherFailedNorUnderWay() {
        assertThat(RECORD.tasks())
                .filteredOn(t -> t.task().equals("train/sigma-0.1"))
                .singleElement()
                .satisfies(t -> {
                    assertThat(t.status()).isEqualTo(TaskState.Status.STOPPED);
                    assertThat(t.reason()).isEqualTo("stopped early at step 100: too bad");
                });
    }

    @Test
    void proposedTrialsStandInTheExperimentOfTheRecord() {
        RunRecord record = record(
                submitted("method = tpe, run-cap = 12, parameters.flow.sigma { min = 0.0, max = 0.5 }"),
                new TrialProposed(RUN, 12, List.of(0.4), "{name=trial-012,sigma=0.2}"),
                new TrialProposed(RUN, 11, List.of(0.2), "{name=trial-011,sigma=0.1}"),
                score("trial-012", 0, 0.2, true));
        assertThat(record.spec().orElseThrow().flows()).hasSize(12);
        assertThat(record.spec().orElseThrow().flow("trial-012").sigma()).isEqualTo(0.2);
        assertThat(TrialTable.rows(record, 10)).hasSize(2);
    }

    @Test
    void noSweepNoTable() {
        assertThat(TrialTable.rows(record(), 10)).isEmpty();
    }
}
