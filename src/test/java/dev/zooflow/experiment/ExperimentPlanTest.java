package dev.zooflow.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.zooflow.graph.Architecture;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongBiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExperimentPlanTest {

    @Test
    void namesTopicsAndEstimatesStorage() {
        ExperimentSpec spec = ExperimentFile.parse("""
                name = plan
                task.kind = wdbc
                network.hidden = [16, 16]
                zoo { training-trajectories = 100, held-out-trajectories = 25, snapshots = 40 }
                flow.training { steps = 1000, time = 0, checkpoint-steps = 100, checkpoint-every = 0 }
                flows = [{ name = a }, { name = b }]
                sampling { networks = 100, checkpoint-networks = 20 }
                """);
        // 802 parameters of a network, 50,000 of a flow: 125 × 40 networks, 2 × 11 checkpoints, 2 × 2 × 4 arrays, 2 ×
        // 300 networks.
        ToLongBiFunction<FlowSpec, Architecture> parameters = (flow, networks) -> {
            assertThat(networks.parameters()).isEqualTo(802);
            return 50_000;
        };
        Optional<TaskShape> wdbc = TaskShape.of(spec.task());
        assertThat(ExperimentPlan.describe(spec, wdbc, List.of("x.runs.v1", "x.flows.v1"), parameters))
                .startsWith(ExperimentPlan.describe(spec))
                .contains("topics      x.runs.v1, x.flows.v1\n")
                .contains("storage     about 26 MB: zoo 16 MB, checkpoints 4.4 MB, training states 3.2 MB,"
                        + " generated networks 1.9 MB\n");
        ExperimentSpec table = ExperimentFile.parse("task { kind = csv, file = x, label = y }");
        assertThat(ExperimentPlan.describe(table, Optional.empty(), List.of("t"), (flow, n) -> 1))
                .containsPattern("storage +the data say how much\n");

        Outlay one = Outlay.NONE.plus(spec, wdbc, parameters);
        assertThat(one.bytes()).isBetween(25.5e6, 26.5e6);
        assertThat(one.plus(spec, wdbc, parameters).text())
                .matches("2 runs, 4 trials; about [^;]+ on two cores, about 51 MB of storage");
        assertThat(one.plus(table, Optional.empty(), parameters).text())
                .endsWith("about 26 MB of storage; of 1 the data say it");
        assertThat(Outlay.NONE.plus(table, Optional.empty(), parameters).text())
                .isEqualTo("1 run, 1 trial; the data say how long and how much");
    }

    @Test
    void aTableThatIsThereIsEstimatedAsABuiltInTask() {
        ExperimentSpec spec = ExperimentFile.parse("task { kind = csv, file = cells.csv }, network.hidden = [8, 4]");
        TaskShape shape = new TaskShape(6, 3, 0, 1500);
        assertThat(ExperimentPlan.describe(spec, Optional.of(shape), List.of("t"), (flow, n) -> 1))
                .contains("csv cells.csv: 1,500 examples of 6 features, 3 classes; 10 % validation")
                .contains("6-8-4-3 relu, 107 parameters")
                .containsPattern("time +about .* on two cores")
                .containsPattern("storage +about ");
    }

    @ParameterizedTest
    @CsvSource({"900, 0.9 kB", "9960, 10 kB", "999499, 999 kB", "1.5e6, 1.5 MB", "2.5e12, 2.5 TB"})
    void sizesHaveAUnit(double bytes, String text) {
        assertThat(StorageEstimate.size(bytes)).isEqualTo(text);
    }

    @Test
    void saysWhatWillBeDone() {
        ExperimentSpec spec = ExperimentFile.parse("""
                name = plan
                seed = 7
                task.kind = wdbc
                network.hidden = [16, 16]
                zoo { training-trajectories = 100, held-out-trajectories = 21, epochs = 50, snapshots = 40 }
                flows = [
                  { name = geo, training.time = 150 s }
                  { name = flat, backbone { kind = flat, width = 512, layers = 3 } }
                  { name = straight, geometry = euclidean, coupling = optimal-transport, training { steps = 2000, time = 0 } }
                ]
                """);

        assertThat(ExperimentPlan.describe(spec))
                .contains("experiment     plan, seed 7\n")
                .contains("task           wdbc: 569 examples of 30 features, 2 classes; 10 % validation, 10 % test\n")
                .contains("networks       30-16-16-2 relu, 802 parameters\n")
                .contains(
                        "100 training and 21 held-out trajectories, 50 epochs of adam, 40 snapshots each after epoch 10:"
                                + " 4,840 networks in 4 tasks\n")
                .contains(
                        "flow geo       geometric, x1-prediction, independent coupling; relational-transformer d_E 32,"
                                + " 4 layers; at most 2 min 30 s, batches of 32\n")
                .contains("flow flat      geometric, x1-prediction, independent coupling; flat width 512, 3 layers;")
                .contains("flow straight  euclidean, x1-prediction, optimal-transport coupling;")
                .contains("at most 2,000 steps, batches of 32\n")
                .containsPattern("time +about \\d+ min( \\d+ s)? on two cores: zoo \\d+ s, training ");
    }

    @Test
    void namesWhatOnlyTheDataSay() {
        ExperimentSpec spec = ExperimentFile.parse("task { kind = csv, file = cells.csv }, network.hidden = [8, 4]");

        assertThat(ExperimentPlan.describe(spec))
                .contains("csv cells.csv; ")
                .contains("inputs-8-4-classes relu; the data say the parameters")
                .doesNotContain("on two cores");
    }

    @Test
    void saysWhatFollowsGradientsAndWhatIsTransferred() {
        ExperimentSpec spec = ExperimentFile.parse("""
                task.kind = mnist
                zoo.trajectories-per-task = 80
                samplings = [{ name = both, guidance.strength = 0.5, refine.steps = 20 }]
                transfer { task.kind = fashion-mnist, refine.steps = 30, networks = 16, epochs = 20 }
                """);

        assertThat(ExperimentPlan.describe(spec))
                .contains("800 networks in 1 task\n")
                .contains("euler, 64 steps, guidance 0.5, refined by 20 gradient steps\n")
                .contains("to fashion-mnist: 16 networks of each flow, guidance 1.0, refined by 30 gradient"
                        + " steps, as many trained for 20 epochs;"
                        + " learning curves of 5 runs over 5 epochs\n");
    }

    /**
     * 784-10-10 has 7,960 parameters, so that a gradient of one example costs 47,760 operations, at 8e9 a second; one evaluation
     * of the field costs 24 · 32² · 4 · 7,960 = 7.825e8, at 5e10 a second.
     */
    @Test
    void countsWhatGradientsLikelihoodsAndTransferCost() {
        String base = "task.kind = mnist, network.hidden = [10], flow.training { steps = 1, time = 0 }";
        assertThat(cost(base).evaluation()).isZero();
        assertThat(cost(base).transfer()).isZero();
        // 128 networks: 64 evaluations of the field.
        Duration plain = cost(base).sampling();
        assertThat(plain.toMillis() / 1000.0).isCloseTo(128 * 64 * 7.825e8 / 5e10, within(0.1));
        // Half of 64 steps, and 100 more, with 64 examples each.
        Duration guided = cost(base + ", sampling { guidance { strength = 1, to = 0.5 }, refine.steps = 100 }")
                .sampling();
        assertThat(guided.minus(plain).toMillis() / 1000.0).isCloseTo(128.0 * 132 * 64 * 47760 / 8e9, within(0.1));
        // Random networks, soups and those of the flow take 1 and 20 steps.
        Duration refined = cost(base + ", evaluation.refinement = [1, 20]").evaluation();
        assertThat(refined.toMillis() / 1000.0).isCloseTo(3.0 * 128 * 21 * 64 * 47760 / 8e9, within(0.1));
        // Two sides, 32 steps of Heun's two stages, one evaluation and two probes that cost as much.
        Duration likelihood =
                cost(base + ", evaluation.likelihood.networks = 20").evaluation();
        assertThat(likelihood.toMillis() / 1000.0).isCloseTo(40 * 64 * 3 * 7.825e8 / 5e10, within(0.1));
        Duration transfer =
                cost(base + ", transfer { task.kind = fashion-mnist }").transfer();
        assertThat(transfer).isGreaterThan(plain.dividedBy(2));
        Duration more = cost(base + ", transfer { task.kind = fashion-mnist, refine.steps = 100 }")
                .transfer();
        assertThat(more.minus(transfer).toMillis() / 1000.0).isCloseTo(32.0 * 100 * 64 * 47760 / 8e9, within(0.1));
    }

    private static CostEstimate cost(String experiment) {
        ExperimentSpec spec = ExperimentFile.parse(experiment);
        return CostEstimate.of(spec, Architecture.relu(784, 10, 10), 70_000);
    }

    @ParameterizedTest
    @CsvSource({
        "300, 1 s",
        "119000, 119 s",
        "120000, 2 min",
        "150400, 2 min 30 s",
        "7200000, 2 h",
        "9000000, 2 h 30 min"
    })
    void writesDurationsInTwoUnits(long millis, String text) {
        assertThat(ExperimentPlan.duration(Duration.ofMillis(millis))).isEqualTo(text);
    }
}
