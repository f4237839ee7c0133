package dev.zooflow.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.RunId;
import dev.zooflow.experiment.Variant;
import dev.zooflow.message.RunEvent.RunResumed;
import dev.zooflow.message.RunEvent.RunSubmitted;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** What the page says of sweeps: what ranks their trials, which values a run of a series has, why a trial was stopped. */
class BoardSweepTest {

    private static final long NOW = 1_700_000_000_000L;
    private static final ExperimentSpec SMALL_LOSS = ExperimentFile.parse(
            "sweep { metric { name = loss_mean, goal = minimize }, parameters.flow.sigma.values = [0.0, 0.1, 0.2] }");
    private static final ExperimentSpec TWO = ExperimentFile.parse("flows = [{ name = a }, { name = b, sigma = 0.5 }]");

    private final Board board = new Board();
    private final TableViews tables = new TableViews(board);
    private final ChartViews charts = new ChartViews(board);
    private final SampleFleet fleet = new SampleFleet(1, event -> board.on(event, NOW));

    private JsonNode trials(String... parameters) {
        return tables.trials(BoardTest.query(parameters));
    }

    private JsonNode row(String run, String trial) {
        return StreamSupport.stream(trials("run=" + run).get("data").spliterator(), false)
                .filter(row -> row.get("trial").asText().equals(trial))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    /** The test split says the opposite of the validation split. */
    private void score(String run, String flow, double validationLoss) {
        fleet.score(
                run,
                "generated/" + flow,
                0,
                100,
                true,
                Map.of(
                        "accuracy_mean", validationLoss,
                        "loss_mean", 1 - validationLoss,
                        "validation_loss_mean", validationLoss));
    }

    private void smallLoss(String run) {
        fleet.submit(run, SMALL_LOSS);
        score(run, "sigma-0.0", 0.4);
        score(run, "sigma-0.1", 0.2);
        score(run, "sigma-0.2", 0.3);
    }

    @Test
    void theMetricOfTheSweepRanksItsTrialsOnTheValidationSplit() {
        smallLoss("r");
        JsonNode view = trials("sort=metric");
        assertThat(BoardTest.column(view, "trial")).containsExactly("sigma-0.1", "sigma-0.2", "sigma-0.0");
        assertThat(BoardTest.column(view, "metric")).containsExactly("0.2", "0.3", "0.4");
        assertThat(view.get("metric")).hasToString("{\"name\":\"loss_mean\",\"goal\":\"minimize\"}");
        JsonNode run = tables.runs().at("/data/0");
        assertThat(run.get("best").asText()).isEqualTo("sigma-0.1");
        assertThat(run.get("ranked_by").asText()).isEqualTo("validation_loss_mean");
        JsonNode lines = charts.parallel(BoardTest.query());
        assertThat(texts(lines.get("axes"))).containsExactly("p.sigma", "metric", "accuracy_mean");
        assertThat(lines.at("/metric/name").asText()).isEqualTo("loss_mean");
        assertThat(lines.at("/data/0/2").asDouble()).isEqualTo(0.4);
    }

    @Test
    void runsWithAnotherMetricHaveNoNameAndNoAxisForItTogether() {
        smallLoss("r");
        fleet.submit("s", TWO);
        fleet.score("s", "generated/a", 0, 100, true, 0.9, 1);
        fleet.score("s", "generated/b", 0, 100, true, 0.8, 0.5);
        JsonNode view = trials();
        assertThat(view.has("metric")).isFalse();
        assertThat(texts(charts.parallel(BoardTest.query()).get("axes"))).doesNotContain("metric");
        assertThat(row("s", "a").get("metric").asDouble()).isEqualTo(0.9 * 0.9);
        assertThat(row("s", "a").get("ranked_by").asText()).isEqualTo("validation_novel_performant_075");
        assertThat(row("r", "sigma-0.0").get("ranked_by").asText()).isEqualTo("validation_loss_mean");
        assertThat(trials("run=s").at("/metric/name").asText()).isEqualTo("novel_performant_075");
    }

    @Test
    void equalTrialsAreToldApartByAccuracyAndThoseOfEarlierVersionsByTheTestSplit() {
        fleet.submit("r", TWO);
        fleet.score("r", "generated/a", 0, 100, true, 0.8, 0.5);
        fleet.score("r", "generated/b", 0, 100, true, 0.9, 0.5);
        assertThat(row("r", "a").get("metric").asDouble()).isZero();
        assertThat(tables.runs().at("/data/0/best").asText()).isEqualTo("b");
        fleet.submit("s", SMALL_LOSS);
        fleet.score("s", "generated/sigma-0.0", 0, 100, true, Map.of("accuracy_mean", 0.9, "loss_mean", 0.4));
        fleet.score("s", "generated/sigma-0.1", 0, 100, true, Map.of("accuracy_mean", 0.8, "loss_mean", 0.3));
        assertThat(row("s", "sigma-0.1").has("metric")).isFalse();
        assertThat(BoardTest.column(tables.runs(), "best")).containsExactlyInAnyOrder("b", "sigma-0.1");
    }

    @Test
    void aRunOfASeriesShowsWhatOthersOfItHaveNot() {
        fleet.submit("r", TWO, Map.of(Variant.EACH, "network.hidden=[8] zoo.epochs=5"));
        fleet.submit("s", TWO, Map.of(Variant.EACH, "network.hidden=[16,16] zoo.epochs=10"));
        for (String run : List.of("r", "s")) {
            fleet.score(run, "generated/a", 0, 100, true, 0.9, 1);
        }
        JsonNode view = trials("sort=p.zoo.epochs", "dir=desc");
        assertThat(texts(view.get("settings"))).containsExactly("network.hidden", "sigma", "zoo.epochs");
        assertThat(BoardTest.column(view, "p.zoo.epochs")).containsExactly("10", "10", "5", "5");
        assertThat(BoardTest.column(trials("q=network.hidden=[16, 16]"), "run")).containsOnly("s");
        assertThat(texts(charts.parallel(BoardTest.query()).get("axes")))
                .containsExactly("p.network.hidden", "p.zoo.epochs");
    }

    @Test
    void theValuesOfARunShowBesideAnExperimentThatCanNotBeRead() {
        board.on(new RunSubmitted(new RunId("r"), "no = such", Map.of(Variant.EACH, "seed=3")), NOW);
        board.on(new RunSubmitted(new RunId("s"), ExperimentFile.render(TWO), Map.of(Variant.EACH, "={")), NOW);
        fleet.start("r", "a");
        assertThat(row("r", "a").get("p.seed").asInt()).isEqualTo(3);
        assertThat(row("s", "b").get("p.sigma").asDouble()).isEqualTo(0.5);
    }

    @Test
    void aTrialThatWasStoppedSaysWhyAndOneThatDidNotGetToItsEndIsUnfinished() {
        fleet.submit("r", SMALL_LOSS);
        fleet.start("r", "sigma-0.0");
        fleet.start("r", "sigma-0.1");
        fleet.stop("r", "sigma-0.0", 20, "0.9 is above 0.4");
        assertThat(row("r", "sigma-0.0").get("status").asText()).isEqualTo("stopped");
        fleet.end("r", List.of("cancelled"));
        JsonNode stopped = row("r", "sigma-0.0");
        assertThat(stopped.get("status").asText()).isEqualTo("stopped");
        assertThat(stopped.get("reason").asText()).isEqualTo("stopped early at step 20: 0.9 is above 0.4");
        JsonNode unfinished = row("r", "sigma-0.1");
        assertThat(unfinished.get("status").asText()).isEqualTo("unfinished");
        assertThat(unfinished.has("reason")).isFalse();
        assertThat(BoardTest.column(trials("status=stopped"), "trial")).containsExactly("sigma-0.0");
        assertThat(tables.runs().at("/data/0/trials")).hasToString("{\"stopped\":1,\"unfinished\":2}");
        board.on(new RunResumed(new RunId("r"), 2), NOW);
        assertThat(row("r", "sigma-0.1").get("status").asText()).isEqualTo("training");
    }
}
