package dev.zooflow.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.RunId;
import dev.zooflow.message.Event.MetricPoint;
import dev.zooflow.message.Role;
import dev.zooflow.message.RunEvent.RunPaused;
import dev.zooflow.message.RunEvent.RunResumed;
import dev.zooflow.message.RunEvent.TrialProposed;
import dev.zooflow.message.TaskEvent.TaskRetried;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The board and its views, fed with events. */
class BoardTest {

    private static final RunId RUN = new RunId("r");
    private static final long NOW = 1_700_000_000_000L;
    private static final ExperimentSpec TWO = ExperimentFile.parse(
            "flows = [{ name = a, backbone.width = 16 }, { name = b, backbone.width = 32, geometry = euclidean }]");

    private final Board board = new Board();
    private final TableViews tables = new TableViews(board);
    private final ChartViews charts = new ChartViews(board);
    private final FleetViews work = new FleetViews(board);
    private final SampleFleet fleet = new SampleFleet(1, event -> board.on(event, NOW));

    private JsonNode trials(String... parameters) {
        return tables.trials(query(parameters));
    }

    static Query query(String... parameters) {
        Map<String, List<String>> map = new java.util.HashMap<>();
        for (String parameter : parameters) {
            String[] parts = parameter.split("=", 2);
            map.put(parts[0], List.of(parts[1]));
        }
        return Query.of(map);
    }

    static List<String> column(JsonNode view, String key) {
        return StreamSupport.stream(view.get("data").spliterator(), false)
                .map(row -> row.path(key).asText())
                .toList();
    }

    private String status(String trial) {
        return row(trial).get("status").asText();
    }

    private JsonNode row(String trial) {
        return StreamSupport.stream(trials().get("data").spliterator(), false)
                .filter(row -> row.get("trial").asText().equals(trial))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aTrialGoesThroughItsStates() {
        fleet.submit("r", TWO);
        assertThat(status("a")).isEqualTo("queued");
        fleet.start("r", "a");
        assertThat(status("a")).isEqualTo("training");
        fleet.checkpoint("r", "a", 0, 100, true);
        fleet.complete("r", "a");
        assertThat(status("a")).isEqualTo("scoring");
        fleet.score("r", "generated/a", 0, 100, true, 0.9, 1);
        assertThat(status("a")).isEqualTo("done");
        fleet.end("r", List.of("cancelled"));
        assertThat(column(trials(), "status")).containsExactlyInAnyOrder("done", "unfinished");
        board.on(new RunResumed(RUN, 2), NOW);
        assertThat(status("b")).isEqualTo("queued");
    }

    @Test
    void aFailedTrialSaysWhyUntilItIsTriedAgain() {
        fleet.submit("r", TWO);
        fleet.start("r", "b");
        fleet.fail("r", "b", "no disk");
        assertThat(trials("status=failed").get("data").get(0).get("reason").asText())
                .isEqualTo("no disk");
        board.on(new TaskRetried(RUN, "train/b", 3), NOW);
        assertThat(status("b")).isEqualTo("queued");
    }

    @Test
    void aRunHasOneWordForWhereItStands() {
        fleet.submit("r", TWO);
        assertThat(column(tables.runs(), "status")).containsExactly("running");
        board.on(new RunPaused(RUN, 1), NOW);
        assertThat(column(tables.runs(), "status")).containsExactly("paused");
        fleet.end("r", List.of("train/a"));
        assertThat(column(tables.runs(), "status")).containsExactly("failed");
    }

    @Test
    void showsTheSettingsThatDiffer() {
        fleet.submit("r", TWO);
        JsonNode view = trials("sort=trial");
        assertThat(StreamSupport.stream(view.get("settings").spliterator(), false)
                        .map(JsonNode::asText))
                .containsExactly("backbone.width", "geometry");
        assertThat(column(view, "p.backbone.width")).containsExactly("16", "32");
        assertThat(column(view, "p.geometry")).containsExactly("geometric", "euclidean");
    }

    @Test
    void trialsThatWereProposedMeanwhileHaveTheirSettings() {
        board.on(new TrialProposed(RUN, 3, List.of(0.2), "{name=trial-003,sigma=0.25}"), NOW);
        fleet.submit(
                "r", ExperimentFile.parse("flows = [{ name = a, backbone.width = 16 }, { name = b, sigma = 0.5 }]"));
        assertThat(row("trial-003").get("p.sigma").asDouble()).isEqualTo(0.25);
        board.on(new TrialProposed(RUN, 5, List.of(0.4), "{name=trial-005,geometry=euclidean}"), NOW);
        assertThat(column(trials(), "trial")).doesNotContain("trial-005");
        board.on(new TrialProposed(RUN, 4, List.of(0.3), "{name=trial-004}"), NOW);
        assertThat(column(trials("sort=trial"), "p.geometry"))
                .containsExactly("geometric", "geometric", "geometric", "geometric", "euclidean");
        assertThat(status("trial-005")).isEqualTo("queued");
        assertThat(board.<Integer>read(
                        "r", run -> run.plan().spec().orElseThrow().flows().size()))
                .hasValue(5);
    }

    @Test
    void topicsMayRunAheadOfEachOther() {
        List<Runnable> topics = new ArrayList<>(List.of(
                () -> fleet.submit("r", TWO),
                () -> fleet.train("r", "a", 0, 10, 10),
                () -> fleet.score("r", "generated/a", 0, 100, true, 0.9, 1),
                () -> fleet.checkpoint("r", "a", 0, 100, true)));
        java.util.Collections.reverse(topics);
        topics.forEach(Runnable::run);
        JsonNode row = row("a");
        assertThat(row.get("status").asText()).isEqualTo("done");
        assertThat(row.get("step").asLong()).isEqualTo(100);
        assertThat(row.get("p.backbone.width").asLong()).isEqualTo(16);
        assertThat(row.get("accuracy_mean").asDouble()).isEqualTo(0.9);
    }

    @Test
    void ofScoresTheLatestCheckpointCountsAndTheFinalOneMost() {
        fleet.score("r", "generated/a", 2, 300, false, 0.7, 1);
        fleet.score("r", "generated/a", 1, 200, false, 0.6, 1);
        assertThat(trials().get("data").get(0).get("accuracy_mean").asDouble()).isEqualTo(0.7);
        fleet.score("r", "generated/a", 1, 250, true, 0.5, 1);
        fleet.score("r", "generated/a", 3, 400, false, 0.8, 1);
        assertThat(trials().get("data").get(0).get("accuracy_mean").asDouble()).isEqualTo(0.5);
        fleet.score("r", "generated/a/guided", 1, 250, true, 0.1, 1);
        fleet.score("r", "generated/a+20", 1, 250, true, 0.2, 1);
        assertThat(column(trials(), "trial")).containsExactly("a");
    }

    @Test
    void sortsFiltersAndPages() {
        ExperimentSpec spec = SampleFleet.sweep(100);
        fleet.fill("r", spec, 20);
        fleet.fill("s", TWO, 20);
        assertThat(trials("run=r").get("total").asInt()).isEqualTo(100);
        assertThat(trials("run=r", "size=30").get("last_page").asInt()).isEqualTo(4);
        assertThat(column(trials("run=r", "size=30", "page=4"), "trial")).hasSize(10);
        List<Double> accuracies =
                column(trials("run=r", "sort=accuracy_mean", "dir=desc", "size=90"), "accuracy_mean").stream()
                        .filter(cell -> !cell.isEmpty())
                        .map(Double::valueOf)
                        .toList();
        assertThat(accuracies).hasSizeGreaterThan(80).isSortedAccordingTo(java.util.Comparator.reverseOrder());
        assertThat(column(trials("sort=accuracy_mean", "size=200"), "accuracy_mean")
                        .get(101))
                .as("what has no value comes last")
                .isEmpty();
        assertThat(column(trials("q=p", "run=s"), "trial")).isEmpty();
        assertThat(column(trials("q=backbone.width=64", "size=200"), "p.backbone.width"))
                .isNotEmpty()
                .containsOnly("64");
        assertThat(column(trials("status=training", "size=200"), "status"))
                .isNotEmpty()
                .containsOnly("training");
        assertThat(column(trials("size=200"), "status").get(0))
                .as("what goes on comes first")
                .isEqualTo("training");
    }

    @Test
    void refusesPagesThatThereCannotBe() {
        assertThatThrownBy(() -> query("size=100000")).hasMessage("size (100000) is outside [1, 200]. Maybe 25?");
        assertThatThrownBy(() -> query("page=-1")).hasMessageContaining("page (-1)");
    }

    @Test
    void curvesAreThinnedAndNameWhatElseThereIs() {
        fleet.train("r", "a", 0, 5_000, 5_000);
        fleet.score("r", "generated/a", 0, 100, false, 0.6, 1);
        board.on(new MetricPoint(RUN, "zoo/0-40", 1, 5, 1, 0.5, Map.of("accuracy", 0.4)), NOW);
        JsonNode view = charts.curves(List.of("r/flow/a", "r/flow/none", "none"), "loss", 200);
        assertThat(view.get("curves")).hasSize(1);
        assertThat(view.get("curves").get(0).get("points").size()).isBetween(100, 200);
        assertThat(view.get("metrics").toString()).contains("\"loss\"", "\"gradient_norm\"", "\"accuracy_mean\"");
        assertThat(charts.curves(List.of("r/flow/a"), "accuracy_mean", 200)
                        .at("/curves/0/points/0/2")
                        .asDouble())
                .isEqualTo(0.6);
        assertThat(charts.curves(List.of("r/zoo/0-40"), "accuracy", 200).at("/curves/0/points"))
                .hasSize(1);
    }

    @Test
    void cloudsAndLinesOfVeryManyTrialsAreThinned() {
        for (int run = 0; run < 12; run++) {
            for (int i = 0; i < 500; i++) {
                double place = (i + 500 * run) / 6_000.0;
                fleet.score("run-" + run, "generated/f" + i, 0, 10, true, place, 1 - place * place);
            }
        }
        JsonNode scatter = charts.scatter(query());
        assertThat(scatter.get("total").asInt()).isEqualTo(6_000);
        assertThat(scatter.get("data").size()).isBetween(50, ChartViews.MOST_DOTS);
        JsonNode parallel = charts.parallel(query());
        assertThat(parallel.get("data")).hasSize(ChartViews.MOST_LINES);
        int accuracy = 1
                + StreamSupport.stream(parallel.get("axes").spliterator(), false)
                        .map(JsonNode::asText)
                        .toList()
                        .indexOf("accuracy_mean");
        assertThat(parallel.get("data").get(0).get(accuracy).asDouble()).isEqualTo(5_999 / 6_000.0);
        assertThat(parallel.get("data")
                        .get(ChartViews.MOST_LINES - 1)
                        .get(accuracy)
                        .asDouble())
                .isZero();
    }

    @Test
    void baselinesStandBesideTheTrialsOfOneRun() {
        fleet.fill("r", TWO, 10);
        assertThat(charts.scatter(query("run=r")).at("/baselines/held-out/1").asDouble())
                .isEqualTo(0.92);
        assertThat(charts.scatter(query()).get("baselines")).isEmpty();
    }

    @Test
    void theTimelineShowsTheLatestCheckpointsOnly() {
        for (int i = 0; i < 100; i++) {
            int flow = i;
            new SampleFleet(1, event -> board.on(event, NOW + flow)).checkpoint("r", "f" + i, 0, 10, true);
        }
        JsonNode view = charts.timeline(query());
        assertThat(view.get("total").asInt()).isEqualTo(100);
        assertThat(view.get("data")).hasSizeBetween(10, 50);
        assertThat(view.at("/data/0/name").asText()).isEqualTo("f99");
        assertThat(view.at("/data/0/checkpoints/0/4").asText()).isEqualTo("final");
    }

    @Test
    void checkpointsOfALongTrialAreThinned() {
        for (int i = 0; i < 10_000; i++) {
            fleet.checkpoint("r", "a", i, i, false);
            fleet.checkpoint("r", "a", i, i, false);
        }
        int kept = board.read(
                        "r", run -> run.find("a").orElseThrow().checkpoints().size())
                .orElseThrow();
        assertThat(kept).isBetween(Trial.MOST / 2, Trial.MOST);
    }

    @Test
    void workersThatMissedTheirHeartbeatsAreGone() {
        fleet.beat(1, Role.TRAINER, "cuda:0", "r/train/a", 10);
        assertThat(work.workers(NOW + 10_000).at("/data/0/alive").asBoolean()).isTrue();
        assertThat(work.counts(NOW + 10_000).get("workers").asInt()).isEqualTo(1);
        assertThat(work.workers(NOW + 30_000).at("/data/0/alive").asBoolean()).isFalse();
        assertThat(work.workers(NOW + 30_000).at("/data/0/host").asText()).isEqualTo("gpu-1");
        assertThat(work.workers(NOW + 4_000_000).get("data")).isEmpty();
    }

    @Test
    void lettersThatWereReplayedDoNotCount() {
        board.on(new Board.DeadLetter("t/0/1", NOW, "x", "broken", false));
        board.on(new Board.DeadLetter("t/0/2", NOW, "x", "broken", false));
        board.on(new Board.DeadLetter("t/0/1", NOW, "x", "broken", true));
        assertThat(work.counts(NOW).get("letters").asInt()).isEqualTo(1);
        assertThat(column(work.letters(), "id")).containsExactly("t/0/1", "t/0/2");
        for (int i = 0; i < 2_000; i++) {
            board.on(new Board.DeadLetter("t/1/" + i, NOW, "x", "broken", false));
        }
        assertThat(work.letters().get("data")).hasSize(500);
    }

    @Test
    void oldRunsGoWhenThereAreTooMany() {
        for (int run = 0; run < 60; run++) {
            int time = run;
            SampleFleet dated = new SampleFleet(run, event -> board.on(event, NOW + time));
            dated.submit("run-" + run, TWO);
            for (int i = 0; i < 500; i++) {
                dated.train("run-" + run, "f" + i, 0, 2, 2);
            }
            dated.end("run-" + run, List.of());
        }
        assertThat(board.<Integer>read(all ->
                        all.values().stream().mapToInt(r -> r.stages().size()).sum()))
                .isLessThanOrEqualTo(Board.MOST_STAGES);
        assertThat(column(tables.runs(), "run")).contains("run-59").doesNotContain("run-0");
        assertThat(work.counts(NOW).get("dropped").asInt()).isPositive();
    }

    @Test
    void whatChangedIsTold() {
        Map<Board.Part, Long> before = board.versions();
        fleet.train("r", "a", 0, 1, 1);
        assertThat(board.versions().get(Board.Part.CURVES)).isGreaterThan(before.get(Board.Part.CURVES));
        assertThat(board.versions().get(Board.Part.TRIALS)).isEqualTo(before.get(Board.Part.TRIALS));
        board.forget("r");
        assertThat(board.versions().get(Board.Part.TRIALS)).isGreaterThan(before.get(Board.Part.TRIALS));
        assertThat(tables.runs().get("data")).isEmpty();
    }
}
