package dev.zooflow.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.RunId;
import dev.zooflow.message.BlobRef;
import dev.zooflow.message.Event;
import dev.zooflow.message.Event.FlowCheckpoint;
import dev.zooflow.message.Event.GeneratedNetworks;
import dev.zooflow.message.Event.MetricPoint;
import dev.zooflow.message.Event.Score;
import dev.zooflow.message.Role;
import dev.zooflow.message.RunEvent.RunCompleted;
import dev.zooflow.message.RunEvent.RunSubmitted;
import dev.zooflow.message.TaskEvent.TaskCompleted;
import dev.zooflow.message.TaskEvent.TaskFailed;
import dev.zooflow.message.TaskEvent.TaskStarted;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunCollectorTest {

    private static final RunRecord RECORD = SampleRun.record(SampleRun.completed());

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void orderAndDuplicatesOfEventsDoNotMatter(long seed) {
        List<Event> events = new ArrayList<>(SampleRun.completed());
        events.addAll(SampleRun.completed());
        Collections.shuffle(events, new Random(seed));

        RunRecord record = SampleRun.record(events);

        // Weights and series are arrays, which records compare by identity: what is made of them holds them all.
        assertThat(ChartData.of(record)).isEqualTo(ChartData.of(RECORD));
        assertThat(ScoresJson.write(record)).isEqualTo(ScoresJson.write(RECORD));
        assertThat(MetricsCsv.write(record)).isEqualTo(MetricsCsv.write(RECORD));
        assertThat(RunJson.write(record)).isEqualTo(RunJson.write(RECORD));
        assertThat(HtmlReport.write(record)).isEqualTo(HtmlReport.write(RECORD));
    }

    @Test
    void whatTheSubmissionDoesNotKnowIsTakenFromTheEvaluator() {
        List<Event> events = new ArrayList<>(SampleRun.completed());
        events.add(new Event.RunIngredients(SampleRun.RUN, Map.of("data.table.csv", "abc", "seed", "of another")));
        events.add(new Event.RunIngredients(SampleRun.RUN, Map.of("data.table.csv", "of a second attempt")));

        Map<String, String> provenance = SampleRun.record(events).provenance();

        assertThat(provenance).containsAllEntriesOf(RECORD.provenance()).containsEntry("data.table.csv", "abc");
        assertThat(RECORD.provenance()).containsKey("seed");
    }

    @Test
    void theLikelihoodOfAFlowStandsInItsRow() {
        List<Event> events = new ArrayList<>(SampleRun.completed());
        events.add(new Event.FlowLikelihood(
                SampleRun.RUN, "geometric", Map.of("bpd_train", -1.5, "bpd_gap", 0.25), Map.of()));

        RunRecord record = SampleRun.record(events);

        assertThat(record.score("generated/geometric").orElseThrow().values())
                .containsEntry("bpd_train", -1.5)
                .containsEntry("bpd_gap", 0.25)
                .containsKey("accuracy_mean");
        assertThat(record.score("generated/euclidean").orElseThrow().values()).doesNotContainKey("bpd_gap");
        assertThat(ScoreTable.ofTask(record).html()).contains("Bits per dimension", "0.250");
        assertThat(ScoreTable.ofTask(RECORD).html()).doesNotContain("Bits per dimension");
    }

    @Test
    void ordersGroupsAndFlowsAsTheExperimentDoes() {
        assertThat(RECORD.scores())
                .extracting(Score::group)
                .containsExactly(
                        "held-out",
                        "train",
                        "noise-0.01",
                        "noise-0.05",
                        "soup-16",
                        "interpolation",
                        "gaussian",
                        "retrieval",
                        "generated/geometric",
                        "generated/geometric/steps-4",
                        "generated/geometric/steps-16",
                        "generated/euclidean",
                        "generated/euclidean/steps-4",
                        "generated/euclidean/steps-16",
                        "generated/normalized",
                        "generated/normalized/steps-4",
                        "generated/normalized/steps-16");
        assertThat(RECORD.scoredFlows()).containsExactly("geometric", "euclidean", "normalized");
    }

    @Test
    void keepsCheckpointScoresByStepAndFinalOnesApart() {
        assertThat(RECORD.history().get("geometric"))
                .extracting(Score::step)
                .containsExactly(240L, 480L, 720L, 960L, 1200L);
        assertThat(RECORD.scores()).allMatch(Score::last).hasSize(17);
    }

    @Test
    void variantsOfTheSamplingStandBelowTheirFlowAndOutsideItsHistory() {
        String experiment = ExperimentFile.render(ExperimentFile.parse(
                "flows = [{ name = b }, { name = a }], samplings = [{ name = z }, { name = y, steps = 4 }]"));
        List<Event> events = new ArrayList<>(List.of(new RunSubmitted(SampleRun.RUN, experiment, Map.of())));
        for (String group : List.of("a/y", "a", "b/y", "b/z", "a/z", "b")) {
            events.add(SampleRun.plain("generated/" + group, 3, "accuracy_mean", 0.5));
        }
        events.add(SampleRun.plain("held-out", 3, "accuracy_mean", 0.5));

        RunRecord record = SampleRun.record(events);

        assertThat(record.scores())
                .extracting(Score::group)
                .containsExactly(
                        "held-out",
                        "generated/b",
                        "generated/b/z",
                        "generated/b/y",
                        "generated/a",
                        "generated/a/z",
                        "generated/a/y");
        assertThat(record.scoredFlows()).containsExactly("b", "a");
        assertThat(record.history().get("a")).extracting(Score::group).containsExactly("generated/a");
        assertThat(HtmlReportTest.page(events)).contains("<span class=\"of\">b/</span>z</th>");
    }

    @Test
    void publishedFiguresStandBesideOursAndNeverAmongThem() throws Exception {
        String experiment = ExperimentFile.render(ExperimentFile.parse(
                "publication.source = \"a paper\", published = [{ group = generated/geometric, label = <thesis>,"
                        + " accuracy = 0.737, accuracy-std = 0.085, loss = 0.814 }, { group = train, label = sgd }]"));
        List<Event> events = List.of(
                new RunSubmitted(SampleRun.RUN, experiment, Map.of()),
                SampleRun.plain("held-out", 3, "accuracy_mean", 0.9),
                SampleRun.plain("generated/geometric", 3, "accuracy_mean", 0.5));

        JsonNode scores = new ObjectMapper().readTree(ScoresJson.write(SampleRun.record(events)));
        String table = ScoreTable.ofTask(SampleRun.record(events)).html();

        assertThat(scores.get("rows").findValuesAsText("group")).containsExactly("held-out", "generated/geometric");
        assertThat(scores.at("/published/0/accuracy_mean").doubleValue()).isEqualTo(0.737);
        assertThat(scores.at("/published/0/source").textValue()).isEqualTo("a paper");
        assertThat(scores.at("/published/1").has("accuracy_mean")).isFalse();
        assertThat(table)
                .contains("not measured here: a paper\">&lt;thesis&gt;</th>")
                .contains("data-v=\"0.737\">73.7<span class=\"sd\"> ± 8.5</span>")
                .doesNotContain("best\" data-v");
        assertThat(table.split("<tr class=\"published\"", -1)).hasSize(3);
    }

    @Test
    void keepsOnlyTheWeightsThatAreShown() {
        assertThat(RECORD.generated()).hasSize(3).allMatch(g -> g.networks().size() == 4 && g.last());
        assertThat(RECORD.heldOut()).extracting(z -> z.trajectory()).containsExactly(60, 61, 62, 63);
        assertThat(RECORD.heldOut()).allMatch(z -> z.snapshots().size() == 1 && z.steps()[0] == 2500);
    }

    @Test
    void keepsTheNetworksOfOneVariantOnly() {
        assertThat(SampleRun.record(SampleRun.varied()).generated())
                .hasSize(3)
                .allMatch(g -> g.variant().isEmpty());
        RunRecord varied = SampleRun.record(SampleRun.varied(), "steps-4");
        assertThat(varied.generated()).hasSize(3).allMatch(g -> g.variant().equals("steps-4"));
        assertThat(varied.generated()).allMatch(g -> g.networks().size() == 4);
        assertThat(varied.ofFlow("euclidean").generated())
                .extracting(GeneratedNetworks::flow)
                .containsExactly("euclidean");
        assertThat(SampleRun.record(SampleRun.varied(), "steps-16").generated()).isEmpty();
    }

    @Test
    void keepsTheLatestCheckpointBeforeTheEndInWhateverOrderTheyCome() {
        BlobRef model = BlobRef.of(new byte[] {1});
        List<Event> events = new ArrayList<>();
        for (int index : List.of(1, 2, 0)) {
            events.add(new FlowCheckpoint(SampleRun.RUN, "a", index, 10L * index, index, false, 1, model));
        }
        events.add(new FlowCheckpoint(SampleRun.RUN, "a", 3, 30, 3, true, 1, model));

        RunRecord record = SampleRun.record(events);

        assertThat(record.checkpoints()).hasSize(1);
        assertThat(record.checkpoints().get("a").index()).isEqualTo(2);
        assertThat(record.models()).extracting(FlowCheckpoint::index).containsExactly(3);
    }

    @Test
    void eventsOfOtherRunsArePassedOver() {
        RunCollector collector = new RunCollector(SampleRun.RUN, 4);
        collector.accept(new RunCompleted(new RunId("other"), List.of(), 1));

        assertThat(collector.record().outcome().status()).isEqualTo(RunRecord.Status.UNFINISHED);
        assertThat(collector.record().spec()).isEmpty();
    }

    @Test
    void anExperimentThatCannotBeReadIsNoError() {
        RunRecord record = SampleRun.record(List.of(new RunSubmitted(SampleRun.RUN, "new-key = 1", Map.of())));

        assertThat(record.spec()).isEmpty();
        assertThat(new String(RunJson.write(record), StandardCharsets.UTF_8)).contains("new-key = 1");
    }

    @Test
    void aLaterAttemptThatCompletesOutweighsAnEarlierFailure() {
        List<Event> events = List.of(
                new TaskCompleted(SampleRun.RUN, "zoo/0-10", Role.ZOO_PRODUCER, 2, "w2", 3.5),
                new TaskFailed(SampleRun.RUN, "zoo/0-10", Role.ZOO_PRODUCER, 1, "w1", "lost its lock", false),
                new TaskStarted(SampleRun.RUN, "zoo/0-10", Role.ZOO_PRODUCER, 1, "w1"));

        assertThat(SampleRun.record(events).tasks())
                .containsExactly(new TaskState(
                        "zoo/0-10", Role.ZOO_PRODUCER, TaskState.Status.COMPLETED, 2, "w2", 3.5, "lost its lock"));
    }

    @Test
    void tasksAndCurvesComeInTheOrderOfNumbers() {
        List<Event> events = List.of(
                new TaskStarted(SampleRun.RUN, "sample/a/10", Role.SAMPLER, 1, "w"),
                new TaskStarted(SampleRun.RUN, "sample/a/9", Role.SAMPLER, 1, "w"),
                new TaskStarted(SampleRun.RUN, "zoo/0-4", Role.ZOO_PRODUCER, 1, "w"),
                new MetricPoint(SampleRun.RUN, "flow/a", 1, 10, 1, 1, Map.of()),
                new MetricPoint(SampleRun.RUN, "flow/a", 1, 9, 0.9, 0.9, Map.of()));

        RunRecord record = SampleRun.record(events);

        assertThat(record.tasks()).extracting(TaskState::task).containsExactly("zoo/0-4", "sample/a/9", "sample/a/10");
        assertThat(record.metrics().get("flow/a")).extracting(MetricPoint::step).containsExactly(9L, 10L);
    }
}
