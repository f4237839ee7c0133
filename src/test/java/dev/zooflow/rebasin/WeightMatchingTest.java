package dev.zooflow.rebasin;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.Permutations;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WeightMatchingTest {

    private static final LayerLayout UNEQUAL = LayerLayout.of(Architecture.relu(7, 5, 9, 4, 3));
    private final NDManager manager = Torch.manager();

    @AfterEach
    void close() {
        manager.close();
    }

    @ParameterizedTest(name = "{0}, noise {1}")
    @CsvSource({
        "7-5-9-4-3, 0",
        "7-5-9-4-3, 0.02",
        "30-16-16-2, 0",
        "30-16-16-2, 0.05",
        "1-4-2, 0",
        "784-10-10, 0.1",
        "12-24-24-24-24-24-24-5, 0",
        "12-24-24-24-24-24-24-5, 0.02"
    })
    void plantedPermutationsAreRecoveredExactly(String widths, float noise) {
        LayerLayout layout = layout(widths);
        int n = 40;
        NDArray reference = gaussian(layout, 1, 1);
        Permutations planted = RandomSymmetry.permutations(layout, n, new Seed(2));
        NDArray copies = reference.add(gaussian(layout, 3, n).mul(noise));
        NDArray theta = planted.apply(layout, copies);
        Permutations found = new WeightMatching(50).align(layout, reference, theta, new Seed(4));
        assertThat(found.maps()).isDeepEqualTo(planted.inverse().maps());
    }

    @Test
    @Timeout(60)
    void sixLayersOf512NeuronsAreRecoveredExactly() {
        LayerLayout layout = layout("32-512-512-512-512-512-512-10");
        NDArray reference = gaussian(layout, 1, 1);
        Permutations planted = RandomSymmetry.permutations(layout, 2, new Seed(2));
        NDArray theta =
                planted.apply(layout, reference.add(gaussian(layout, 3, 2).mul(0.3)));
        Permutations found = new WeightMatching(50).align(layout, reference, theta, new Seed(4));
        assertThat(found.maps()).isDeepEqualTo(planted.inverse().maps());
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"7-5-9-4-3", "30-16-16-2", "1-4-2"})
    void networksMayEachHaveTheirOwnReference(String widths) {
        LayerLayout layout = layout(widths);
        int n = 12;
        NDArray references = gaussian(layout, 1, n);
        Permutations planted = RandomSymmetry.permutations(layout, n, new Seed(2));
        NDArray theta =
                planted.apply(layout, references.add(gaussian(layout, 3, n).mul(0.02)));
        Permutations found = new WeightMatching(50).align(layout, references, theta, new Seed(4));
        assertThat(found.maps()).isDeepEqualTo(planted.inverse().maps());
    }

    @Test
    void ownReferencesAreWorthAsMuchAsNetworksAlone() {
        NDArray references = gaussian(UNEQUAL, 1, 8);
        NDArray theta = gaussian(UNEQUAL, 2, 8);
        int[][][] all = new WeightMatching(50)
                .align(UNEQUAL, references, theta, new Seed(4))
                .maps();
        for (int i = 0; i < 8; i++) {
            NDArray reference = references.get("{}:{}", i, i + 1);
            int[][][] alone =
                    align(UNEQUAL, reference, theta.get("{}:{}", i, i + 1)).maps();
            assertThat(alone[0]).isDeepEqualTo(all[i]);
        }
    }

    @ParameterizedTest(name = "{0}, noise {1}")
    @CsvSource({"7-5-9-4-3, 0.01", "30-16-16-2, 0.05", "12-24-24-24-24-24-24-5, 0.02"})
    void plantedPermutationsAreRecoveredExactlyUnderScalings(String widths, float noise) {
        LayerLayout layout = layout(widths);
        int n = 40;
        NDArray reference = gaussian(layout, 1, 1);
        Permutations planted = RandomSymmetry.permutations(layout, n, new Seed(2));
        NDArray copies = reference.add(gaussian(layout, 3, n).mul(noise));
        NDArray scaled = RandomSymmetry.scaling(layout, n, new Seed(5)).apply(layout, copies);
        CanonicalForm form = new CanonicalForm(layout, false);
        NDArray theta = form.encode(planted.apply(layout, scaled));
        NDArray target = form.encode(reference);
        Permutations found = new WeightMatching(50).align(layout, target, theta, new Seed(4));
        assertThat(found.maps()).isDeepEqualTo(planted.inverse().maps());
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void onlyHiddenLayerIsMatchedLikeTheBestOfAllPermutations(long seed) {
        LayerLayout layout = LayerLayout.of(Architecture.relu(2, 4, 3));
        NDArray reference = gaussian(layout, seed, 1);
        NDArray theta = gaussian(layout, seed + 10, 5);
        double[] found = distances(reference, align(layout, reference, theta).apply(layout, theta));
        int[][] all = permutationsOf(4);
        for (int i = 0; i < 5; i++) {
            NDArray repeated = theta.get("{}:{}", i, i + 1).repeat(0, all.length);
            int[][][] maps = Arrays.stream(all).map(p -> new int[][] {p}).toArray(int[][][]::new);
            double[] each = distances(reference, new Permutations(maps).apply(layout, repeated));
            assertThat(found[i]).isLessThanOrEqualTo(Arrays.stream(each).min().orElseThrow() + 1e-5);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void noExchangeOfTwoNeuronsImprovesTheResult(long seed) {
        NDArray reference = gaussian(UNEQUAL, seed, 1);
        NDArray theta = gaussian(UNEQUAL, seed + 10, 6);
        NDArray aligned = align(UNEQUAL, reference, theta).apply(UNEQUAL, theta);
        double[] found = distances(reference, aligned);
        for (int l = 0; l < 3; l++) {
            int width = UNEQUAL.architecture().hidden().get(l);
            for (int a = 0; a < width; a++) {
                for (int b = 0; b < a; b++) {
                    double[] exchanged =
                            distances(reference, exchange(6, l, a, b).apply(UNEQUAL, aligned));
                    for (int i = 0; i < 6; i++) {
                        assertThat(exchanged[i]).isGreaterThan(found[i] - 1e-4);
                    }
                }
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void everySweepBringsNetworksNearer(long seed) {
        NDArray reference = gaussian(UNEQUAL, seed, 1);
        NDArray theta = gaussian(UNEQUAL, seed + 10, 30);
        Permutations start = RandomSymmetry.permutations(UNEQUAL, 30, new Seed(seed));
        double[] before = distances(reference, start.apply(UNEQUAL, theta));
        for (int sweeps = 1; sweeps <= 4; sweeps++) {
            Permutations p = new WeightMatching(sweeps).refine(UNEQUAL, reference, theta, start, new Seed(seed));
            double[] after = distances(reference, p.apply(UNEQUAL, theta));
            for (int i = 0; i < 30; i++) {
                assertThat(after[i]).isLessThanOrEqualTo(before[i] + 1e-4);
            }
            assertThat(Arrays.stream(after).sum())
                    .isLessThan(Arrays.stream(before).sum() + 1e-4);
            before = after;
        }
    }

    @Test
    void resultDoesNotDependOnTheNeuronsInitialOrderNorOnTheOtherNetworks() {
        NDArray reference = gaussian(UNEQUAL, 1, 1);
        NDArray theta = gaussian(UNEQUAL, 2, 8);
        NDArray aligned = align(UNEQUAL, reference, theta).apply(UNEQUAL, theta);
        NDArray shuffled = RandomSymmetry.permutations(UNEQUAL, 8, new Seed(3)).apply(UNEQUAL, theta);
        NDArray again = align(UNEQUAL, reference, shuffled).apply(UNEQUAL, shuffled);
        assertThat(again.toFloatArray()).isEqualTo(aligned.toFloatArray());
        NDArray alone = theta.get("5:6");
        assertThat(align(UNEQUAL, reference, alone).apply(UNEQUAL, alone).toFloatArray())
                .isEqualTo(aligned.get("5:6").toFloatArray());
    }

    @Test
    void startIsLeftAloneAndNoNativeMemoryIsKept() {
        NDArray reference = gaussian(UNEQUAL, 1, 1);
        NDArray theta = gaussian(UNEQUAL, 2, 8);
        Permutations start = Permutations.identity(UNEQUAL, 8);
        int arrays = manager.getManagedArrays().size();
        new WeightMatching(9).refine(UNEQUAL, reference, theta, start, new Seed(1));
        assertThat(start.maps()).isDeepEqualTo(Permutations.identity(UNEQUAL, 8).maps());
        assertThat(manager.getManagedArrays()).hasSize(arrays);
    }

    private static Permutations align(LayerLayout layout, NDArray reference, NDArray theta) {
        return new WeightMatching(50).align(layout, reference, theta, new Seed(4));
    }

    private static Permutations exchange(int n, int layer, int a, int b) {
        Permutations p = Permutations.identity(UNEQUAL, n);
        for (int[][] maps : p.maps()) {
            maps[layer][a] = b;
            maps[layer][b] = a;
        }
        return p;
    }

    private static double[] distances(NDArray reference, NDArray theta) {
        float[] d = theta.sub(reference).square().sum(new int[] {1}).toFloatArray();
        return IntStream.range(0, d.length).mapToDouble(i -> d[i]).toArray();
    }

    private static int[][] permutationsOf(int n) {
        if (n == 0) {
            return new int[][] {{}};
        }
        return Arrays.stream(permutationsOf(n - 1))
                .flatMap(p -> IntStream.range(0, n).mapToObj(at -> insert(p, at)))
                .toArray(int[][]::new);
    }

    private static int[] insert(int[] p, int at) {
        int[] out = new int[p.length + 1];
        System.arraycopy(p, 0, out, 0, at);
        out[at] = p.length;
        System.arraycopy(p, at, out, at + 1, p.length - at);
        return out;
    }

    private static LayerLayout layout(String widths) {
        Integer[] parsed =
                Arrays.stream(widths.split("-")).map(Integer::valueOf).toArray(Integer[]::new);
        return LayerLayout.of(Architecture.relu(parsed));
    }

    private NDArray gaussian(LayerLayout layout, long seed, int n) {
        return manager.create(new Seed(seed).gaussian(n * layout.size()), new Shape(n, layout.size()));
    }
}
