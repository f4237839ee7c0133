package dev.zooflow.rebasin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.Mlp;
import dev.zooflow.graph.Permutations;
import dev.zooflow.tensor.Autograd;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SinkhornRebasinTest {

    private static final LayerLayout UNEQUAL = LayerLayout.of(Architecture.relu(7, 5, 9, 4, 3));
    private final NDManager manager = Torch.manager();

    @AfterEach
    void close() {
        manager.close();
    }

    @ParameterizedTest(name = "{0}, noise {1}")
    @CsvSource({"7-5-9-4-3, 0.05", "30-16-16-2, 0.2", "1-4-2, 0", "6-10-10-10-4, 0.05"})
    void plantedPermutationsAreRecoveredExactly(String widths, float noise) {
        LayerLayout layout = layout(widths);
        NDArray reference = gaussian(layout, 1, 1);
        Permutations planted = RandomSymmetry.permutations(layout, 10, new Seed(2));
        NDArray theta =
                planted.apply(layout, reference.add(gaussian(layout, 3, 10).mul(noise)));
        Permutations found = l2().align(layout, reference, theta, new Seed(4));
        assertThat(found.maps()).isDeepEqualTo(planted.inverse().maps());
    }

    @Test
    void unrelatedNetworksComeNearlyAsNearAsByWeightMatching() {
        NDArray reference = gaussian(UNEQUAL, 1, 1);
        NDArray theta = gaussian(UNEQUAL, 2, 20);
        double none = distance(reference, theta);
        double sinkhorn = aligned(l2(), reference, theta);
        double matching = aligned(new WeightMatching(50), reference, theta);
        assertThat(none - sinkhorn).isGreaterThan(0.8 * (none - matching));
    }

    @Test
    void networksOfABatchDoNotInteract() {
        NDArray reference = gaussian(UNEQUAL, 1, 1);
        NDArray theta = gaussian(UNEQUAL, 2, 6);
        int[][][] all = l2().align(UNEQUAL, reference, theta, new Seed(4)).maps();
        int[][][] alone =
                l2().align(UNEQUAL, reference, theta.get("3:4"), new Seed(4)).maps();
        assertThat(alone[0]).isDeepEqualTo(all[3]);
    }

    // The reference says the classes, so its loss is low, and so is that of a copy in another order; their midpoint's
    // is
    // not.
    @ParameterizedTest(name = "{0}")
    @CsvSource({"mid-point", "random-point"})
    void taskObjectivesTakeTheBarrierAway(String objective) {
        LayerLayout layout = LayerLayout.of(Architecture.relu(5, 8, 6, 3));
        NDArray reference = gaussian(layout, 1, 1);
        Permutations planted = RandomSymmetry.permutations(layout, 8, new Seed(2));
        NDArray theta = planted.apply(layout, reference.repeat(0, 8));
        BatchLoss loss = imitation(layout, reference);
        Permutations found =
                new SinkhornRebasin(objective(objective, loss)).align(layout, reference, theta, new Seed(4));
        double before = midPointLoss(loss, reference, theta);
        double after = midPointLoss(loss, reference, found.apply(layout, theta));
        double floor = midPointLoss(loss, reference, reference);
        assertThat(after - floor).isLessThan(0.25 * (before - floor));
    }

    private static RebasinObjective objective(String name, BatchLoss loss) {
        return name.equals("mid-point") ? new RebasinObjective.MidPoint(loss) : new RebasinObjective.RandomPoint(loss);
    }

    @Test
    void costsAreTakenAtTheRightPoints() {
        NDArray reference = manager.create(new float[] {0, 10}, new Shape(1, 2));
        NDArray moved = manager.create(new float[] {4, 20, 8, 20}, new Shape(2, 2));
        BatchLoss sum = (theta, seed) -> theta.sum(new int[] {1});
        assertThat(costs(new RebasinObjective.MidPoint(sum), reference, moved)).containsExactly(17, 19);
        assertThat(costs(new RebasinObjective.L2(), reference, moved)).containsExactly(116, 164);
        // 10 + λ 14 and 10 + λ 18 with a λ of its own for each network.
        float[] random = costs(new RebasinObjective.RandomPoint(sum), reference, moved);
        float first = (random[0] - 10) / 14;
        float second = (random[1] - 10) / 18;
        assertThat(first).isBetween(0f, 1f).isNotEqualTo(second);
        assertThat(second).isBetween(0f, 1f);
    }

    private static float[] costs(RebasinObjective objective, NDArray reference, NDArray moved) {
        return objective.cost(reference, moved, new Seed(1)).toFloatArray();
    }

    @Test
    void sharpLogitsMoveWeightsLikeThePermutationTheyStandFor() {
        Permutations p = RandomSymmetry.permutations(UNEQUAL, 4, new Seed(3));
        NDArray theta = gaussian(UNEQUAL, 2, 4);
        SoftPermutations soft = new SoftPermutations(UNEQUAL, logits(p, 50));
        assertThat(soft.harden().maps()).isDeepEqualTo(p.maps());
        NDArray difference = soft.apply(theta, 5).sub(p.apply(UNEQUAL, theta));
        assertThat(difference.abs().max().getFloat()).isLessThan(1e-5f);
    }

    // Central differences of the L2 cost in the logits.
    @Test
    void gradientOfTheCostIsThatOfFiniteDifferences() {
        LayerLayout layout = LayerLayout.of(Architecture.relu(2, 3, 2, 2));
        NDArray reference = gaussian(layout, 1, 1);
        NDArray theta = gaussian(layout, 2, 1);
        NDArray logits = manager.create(new Seed(3).gaussian(13), new Shape(1, 13));
        logits.setRequiresGradient(true);
        NDArray gradient = Autograd.record(() -> {
            Autograd.backward(cost(layout, reference, theta, logits));
            return logits.getGradient();
        });
        float h = 1e-2f;
        for (int k = 0; k < 13; k++) {
            double up = cost(layout, reference, theta, moved(logits, k, h)).getFloat();
            double down = cost(layout, reference, theta, moved(logits, k, -h)).getFloat();
            assertThat((double) gradient.getFloat(0, k)).isCloseTo((up - down) / (2 * h), within(1e-2));
        }
    }

    private NDArray moved(NDArray logits, int k, float h) {
        float[] values = logits.toFloatArray();
        values[k] += h;
        return manager.create(values, logits.getShape());
    }

    private static NDArray cost(LayerLayout layout, NDArray reference, NDArray theta, NDArray logits) {
        NDArray moved = new SoftPermutations(layout, logits).apply(theta, 10);
        return new RebasinObjective.L2().cost(reference, moved, new Seed(1)).sum();
    }

    @Test
    void noNativeMemoryIsKept() {
        NDArray reference = gaussian(UNEQUAL, 1, 1);
        NDArray theta = gaussian(UNEQUAL, 2, 3);
        int before = manager.getManagedArrays().size();
        l2().align(UNEQUAL, reference, theta, new Seed(4));
        assertThat(manager.getManagedArrays()).hasSize(before);
    }

    // Cross-entropy to the classes that the reference finds most likely.
    private BatchLoss imitation(LayerLayout layout, NDArray reference) {
        int inputs = layout.architecture().inputs();
        NDArray x = manager.create(new Seed(9).gaussian(200 * inputs), new Shape(200, inputs));
        NDArray y = Mlp.logits(layout, reference, x)
                .argMax(2)
                .oneHot(layout.architecture().outputs());
        return (theta, seed) -> Mlp.logits(layout, theta, x)
                .logSoftmax(2)
                .mul(y)
                .sum(new int[] {2})
                .mean(new int[] {1})
                .neg();
    }

    private static double midPointLoss(BatchLoss loss, NDArray reference, NDArray theta) {
        return loss.of(theta.add(reference).div(2), new Seed(1)).mean().getFloat();
    }

    private NDArray logits(Permutations p, float sharpness) {
        int size = SoftPermutations.size(UNEQUAL);
        float[] out = new float[p.size() * size];
        int at = 0;
        for (int[][] network : p.maps()) {
            for (int[] map : network) {
                for (int k = 0; k < map.length; k++) {
                    out[at + k * map.length + map[k]] = sharpness;
                }
                at += map.length * map.length;
            }
        }
        return manager.create(out, new Shape(p.size(), size));
    }

    private static SinkhornRebasin l2() {
        return new SinkhornRebasin(new RebasinObjective.L2());
    }

    private static double aligned(Matcher matcher, NDArray reference, NDArray theta) {
        Permutations found = matcher.align(UNEQUAL, reference, theta, new Seed(4));
        return distance(reference, found.apply(UNEQUAL, theta));
    }

    private static double distance(NDArray reference, NDArray theta) {
        return theta.sub(reference).square().sum(new int[] {1}).mean().getFloat();
    }

    private static LayerLayout layout(String widths) {
        return LayerLayout.of(Architecture.relu(
                Arrays.stream(widths.split("-", -1)).map(Integer::valueOf).toArray(Integer[]::new)));
    }

    private NDArray gaussian(LayerLayout layout, long seed, int n) {
        return manager.create(new Seed(seed).gaussian(n * layout.size()), new Shape(n, layout.size()));
    }
}
