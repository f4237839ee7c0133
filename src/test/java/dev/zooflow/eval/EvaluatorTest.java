package dev.zooflow.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.zooflow.data.Dataset;
import dev.zooflow.data.Datasets;
import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.SweepSpec;
import dev.zooflow.graph.Activation;
import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.Permutations;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.tensor.Seed;
import dev.zooflow.zoo.GaussianZoo;
import dev.zooflow.zoo.Trajectory;
import dev.zooflow.zoo.Zoo;
import dev.zooflow.zoo.ZooTrainer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Scores on a small zoo of two hidden layers of unequal width. */
final class EvaluatorTest {

    private static final String EXPERIMENT = """
            task { kind = spirals, arms = 3, examples = 600, noise = 0.05 }
            network.hidden = [10, 7]
            zoo {
              training-trajectories = 8, held-out-trajectories = 4, epochs = 12, burn-in-epochs = 6, snapshots = 3
              batch-size = 32, learning-rate = 0.02, initial-std = 0.5
            }
            evaluation { networks = 20, barrier-networks = 4 }
            """;

    private static final ExperimentSpec SPEC = ExperimentFile.parse(EXPERIMENT);
    private static Dataset data;
    private static Zoo zoo;
    private static Evaluator evaluator;
    private static Map<String, GroupScore> baselines;

    @BeforeAll
    static void train() {
        data = Datasets.load(SPEC.task(), SPEC.seed(), Path.of("."));
        zoo = zoo(SPEC);
        evaluator = new Evaluator(SPEC, data, zoo);
        baselines = evaluator.baselines().stream().collect(Collectors.toMap(GroupScore::group, Function.identity()));
    }

    private static Zoo zoo(ExperimentSpec spec) {
        var architecture = spec.network().architecture(2, 3);
        return new Zoo(
                architecture,
                new ZooTrainer(spec.zoo(), architecture, data, new Seed(3))
                        .train(0, spec.zoo().trajectories(), (step, fraction, values) -> {}, () -> false));
    }

    @Test
    void refinementAddsRowsAfterEachNumberOfSteps() {
        ExperimentSpec refining = ExperimentFile.parse(
                EXPERIMENT
                        + "evaluation { refinement = [2, 30], networks = 6 }, sampling.refine { learning-rate = 0.02, batch-size = 32 }");
        Evaluator evaluator = new Evaluator(refining, data, zoo);
        Map<String, GroupScore> scores =
                evaluator.baselines().stream().collect(Collectors.toMap(GroupScore::group, Function.identity()));
        assertThat(scores)
                .hasSize(13)
                .containsKeys("random+2", "random+30", "soup-16+2", "soup-16+30")
                .doesNotContainKey("random");
        assertThat(scores.get("random+30").values()).containsEntry("gradient_steps", 30.0);
        assertThat(scores.get("soup-16").values()).containsEntry("gradient_steps", 0.0);
        assertThat(scores.get("random+30").values().get("accuracy_mean"))
                .isGreaterThan(scores.get("random+2").values().get("accuracy_mean"));

        List<GroupScore> generated =
                evaluator.refined("generated/x", zoo.heldOut().slice(0, 3), 16);
        assertThat(generated).extracting(GroupScore::group).containsExactly("generated/x+2", "generated/x+30");
        assertThat(generated.get(1).values()).containsEntry("gradient_steps", 46.0);
    }

    /** With the splits exchanged the values are exchanged, so that each is what it says. */
    @Test
    void generatedNetworksAreScoredOnTheValidationSplitToo() {
        Dataset exchanged = new Dataset(
                data.name(),
                data.train(),
                /* validation= */ data.test(),
                /* test= */ data.validation(),
                data.classes(),
                data.inputs(),
                data.image(),
                data.normalisation(),
                data.hashes());
        WeightBatch networks = zoo.heldOut().slice(0, 4);
        GroupScore score = evaluator.generated("generated/x", networks, 0);
        GroupScore other = new Evaluator(SPEC, exchanged, zoo).generated("generated/x", networks, 0);
        Map<String, Double> values = score.values();
        for (String name : List.of("accuracy_mean", "loss_mean", "novel_performant_075", "error_similarity_mean")) {
            assertThat(values.get("validation_" + name))
                    .as(name)
                    .isEqualTo(other.values().get(name));
            assertThat(values.get(name)).as(name).isEqualTo(other.values().get("validation_" + name));
        }
        for (String name : List.of("accuracy", "loss")) {
            assertThat(score.series().get("validation_" + name))
                    .hasSize(4)
                    .isEqualTo(other.series().get(name))
                    .isNotEqualTo(score.series().get(name));
        }
        assertThat(SweepSpec.Metric.NAMES)
                .allSatisfy(name -> assertThat(values)
                        .containsKey(new SweepSpec.Metric(name, SweepSpec.Goal.MAXIMIZE).selection()));
        assertThat(values.get("loss_mean")).isNotEqualTo(values.get("validation_loss_mean"));
        assertThat(evaluator.score("generated/x", networks).values())
                .doesNotContainKey("validation_loss_mean")
                .containsEntry("loss_mean", values.get("loss_mean"));
    }

    @Test
    void everyBaselineHasEveryMetric() {
        assertThat(baselines)
                .containsOnlyKeys(
                        "held-out",
                        "train",
                        "noise-0.01",
                        "noise-0.05",
                        "soup-16",
                        "interpolation",
                        "gaussian",
                        "gaussian-joint",
                        "retrieval");
        for (GroupScore score : baselines.values()) {
            assertThat(score.values())
                    .as(score.group())
                    .containsKeys(
                            "accuracy_mean",
                            "accuracy_std",
                            "loss_mean",
                            "loss_std",
                            "nn_ratio_mean",
                            "z_u",
                            "copy_rate",
                            "error_similarity_mean",
                            "novel_performant_050",
                            "novel_performant_075",
                            "novel_performant_100",
                            "dispersion",
                            "disagreement",
                            "weight_mean",
                            "weight_std",
                            "diversity",
                            "bma_accuracy_1",
                            "bma_nll_8",
                            "bma_ece_8");
            assertThat(score.values().values()).as(score.group()).allMatch(Double::isFinite);
            assertThat(score.series())
                    .containsOnlyKeys(
                            "accuracy",
                            "loss",
                            "nn_ratio",
                            "weight_mean",
                            "weight_value",
                            "weight_density",
                            "bma_members",
                            "bma_accuracy",
                            "bma_nll",
                            "bma_ece");
            assertThat(score.series().get("nn_ratio")).hasSize(score.n());
        }
        assertThat(baselines.get("held-out").n())
                .as("4 trajectories of 3 snapshots")
                .isEqualTo(12);
        assertThat(baselines.get("train").n()).isEqualTo(20);
    }

    @Test
    void heldOutNetworksAreTheMeasure() {
        GroupScore heldOut = baselines.get("held-out");
        assertThat(Statistics.median(heldOut.series().get("nn_ratio"))).isCloseTo(1, within(1e-9));
        assertThat(heldOut.values()).containsEntry("z_u", 0.0).containsEntry("dispersion", 1.0);
        assertThat(value("held-out", "novel_performant_050")).isPositive();
    }

    @Test
    void retrievedNetworksAreCopiesInEveryRespect() {
        assertThat(baselines.get("retrieval").values())
                .containsEntry("copy_rate", 1.0)
                .containsEntry("nn_ratio_mean", 0.0)
                .containsEntry("error_similarity_mean", 1.0)
                .containsEntry("disagreement", 0.0)
                .containsEntry("novel_performant_050", 0.0);
        assertThat(value("retrieval", "z_u")).isLessThan(-3);
    }

    @Test
    void permutedRescaledAndTemperedCopiesAreFound() {
        LayerLayout layout = LayerLayout.of(zoo.architecture());
        WeightBatch copies = zoo.finals(false);
        int[][] swap = {{9, 8, 7, 6, 5, 4, 3, 2, 1, 0}, {6, 0, 5, 1, 4, 2, 3}};
        int[][][] maps = new int[copies.size()][][];
        Arrays.fill(maps, swap);
        WeightBatch permuted = new Permutations(maps).apply(layout, copies);
        float[] theta = permuted.theta().clone();
        for (int i = 0; i < permuted.size(); i++) {
            // First layer three times, second layer's weights a third, last layer twice as large.
            scale(
                    theta,
                    i,
                    layout.layers().get(0).weightOffset(),
                    layout.layers().get(0).end(),
                    3);
            scale(
                    theta,
                    i,
                    layout.layers().get(1).weightOffset(),
                    layout.layers().get(1).biasOffset(),
                    1 / 3f);
            scale(theta, i, layout.last().weightOffset(), layout.last().end(), 2);
        }
        GroupScore score = evaluator.score("copies", new WeightBatch(zoo.architecture(), theta));
        assertThat(score.values()).containsEntry("copy_rate", 1.0);
        assertThat(score.values().get("nn_ratio_mean")).isCloseTo(0, within(1e-3));
        assertThat(score.values().get("disagreement")).isZero();
    }

    private static void scale(float[] theta, int network, int from, int to, float factor) {
        int d = zoo.architecture().parameters();
        for (int k = from; k < to; k++) {
            theta[network * d + k] *= factor;
        }
    }

    @Test
    void trainingNetworksAreComparedWithOtherTrajectories() {
        assertThat(value("train", "copy_rate")).isZero();
        assertThat(value("train", "nn_ratio_mean")).isBetween(0.7, 1.4);
        WeightBatch same = zoo.finals(false);
        assertThat(evaluator.score("same", same).values())
                .as("as generated networks they are copies")
                .containsEntry("copy_rate", 1.0);
    }

    @Test
    void noiseStaysNear() {
        assertThat(value("noise-0.01", "nn_ratio_mean")).isLessThan(value("noise-0.05", "nn_ratio_mean"));
        assertThat(value("noise-0.05", "nn_ratio_mean")).isLessThan(0.5);
    }

    @Test
    void anEnsembleOfTrainedNetworksIsAtLeastAsGoodAsOne() {
        assertThat(value("train", "bma_nll_8")).isLessThan(value("train", "bma_nll_1"));
        assertThat(value("train", "bma_nll_1")).isCloseTo(value("train", "loss_mean"), within(1e-4));
        assertThat(value("train", "bma_accuracy_1")).isCloseTo(value("train", "accuracy_mean"), within(1e-9));
    }

    @Test
    void alignmentLowersTheBarrier() {
        List<Barriers> barriers = evaluator.barriers();
        assertThat(barriers).extracting(Barriers::variant).containsExactly("unaligned", "aligned");
        assertThat(barriers).allSatisfy(b -> assertThat(b.barrier()).hasDimensions(4, 4));
        assertThat(barriers.get(1).mean()).isLessThan(barriers.get(0).mean());
    }

    @Test
    void theSameNetworksHaveTheSameScores() {
        GroupScore again = evaluator.score(
                "held-out",
                Selection.of(
                                zoo,
                                true,
                                20,
                                new Seed(SPEC.seed()).child("evaluation").child("selection"))
                        .networks());
        assertThat(again.values()).isEqualTo(baselines.get("held-out").values());
    }

    @Test
    void aDrawnZooIsComparedWithWhatFlowsStartFrom() {
        ExperimentSpec drawn = ExperimentFile.parse(EXPERIMENT + "zoo { kind = gaussian, gaussian-std = 0.3 }");
        var architecture = drawn.network().architecture(2, 3);
        Zoo gaussian = new Zoo(
                architecture,
                new GaussianZoo(drawn.zoo(), architecture, data, new Seed(3))
                        .draw(0, drawn.zoo().trajectories()));
        Map<String, GroupScore> scores = new Evaluator(drawn, data, gaussian)
                .baselines().stream().collect(Collectors.toMap(GroupScore::group, Function.identity()));
        assertThat(scores.get("source").values().get("weight_mean")).isCloseTo(0, within(0.05));
        assertThat(scores.get("source").values().get("weight_std")).isCloseTo(0.5, within(0.05));
        assertThat(scores.get("held-out").values().get("weight_mean")).isCloseTo(1, within(0.05));
        assertThat(scores.get("held-out").values().get("weight_std")).isCloseTo(0.3, within(0.05));
    }

    @Test
    void widerNetworksHaveNoDistanceToTheZoo() {
        Architecture wider = Architecture.relu(2, 12, 9, 3);
        WeightBatch networks = new WeightBatch(wider, new Seed(2).gaussian(3 * wider.parameters()));
        assertThat(evaluator.score("wide", networks).values())
                .containsKeys("accuracy_mean", "loss_std", "diversity", "bma_nll_2", "weight_mean")
                .doesNotContainKeys("nn_ratio_mean", "dispersion", "copy_rate");
    }

    @Test
    void whatASingleNetworkLacksIsAbsent() {
        GroupScore one = evaluator.score("one", zoo.finals(true).slice(0, 1));
        assertThat(one.values())
                .containsKeys("accuracy_mean", "nn_ratio_mean", "bma_accuracy_1")
                .doesNotContainKeys("accuracy_std", "loss_std", "dispersion", "diversity", "bma_accuracy_2");
    }

    @Test
    void networksThatAreNoNumbersAreRefused() {
        float[] theta = zoo.finals(true).theta().clone();
        theta[3] = Float.NaN;
        assertThatThrownBy(() -> evaluator.score("broken", new WeightBatch(zoo.architecture(), theta)))
                .hasMessageContaining("group (broken) has 4 networks with 1 weights that are not finite");
    }

    @Test
    void aZooWithoutHeldOutNetworksIsRefused() {
        List<Trajectory> training = zoo.trajectories(false);
        assertThatThrownBy(() -> new Evaluator(SPEC, data, new Zoo(zoo.architecture(), training)))
                .hasMessageContaining("needs training and held-out networks");
    }

    @Test
    void networksWithoutScalingSymmetryAreComparedByTheirWeights() {
        ExperimentSpec tanh = ExperimentFile.parse(
                EXPERIMENT + "network.activation = tanh\nflows = [{ name = euclidean, geometry = euclidean }]");
        assertThat(tanh.network().activation()).isEqualTo(Activation.TANH);
        Evaluator other = new Evaluator(tanh, data, zoo(tanh));
        Map<String, GroupScore> scores =
                other.baselines().stream().collect(Collectors.toMap(GroupScore::group, Function.identity()));
        assertThat(scores.get("retrieval").values()).containsEntry("copy_rate", 1.0);
        assertThat(scores.get("held-out").values().get("accuracy_mean")).isGreaterThan(0.5);
    }

    private static double value(String group, String metric) {
        return baselines.get(group).values().get(metric);
    }
}
