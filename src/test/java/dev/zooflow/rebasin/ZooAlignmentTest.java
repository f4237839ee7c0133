package dev.zooflow.rebasin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.graph.Activation;
import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.Mlp;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.rebasin.ZooAlignment.Aligned;
import dev.zooflow.rebasin.ZooAlignment.Reference;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ZooAlignmentTest {

    private static final LayerLayout LAYOUT = LayerLayout.of(Architecture.relu(7, 5, 9, 4, 3));
    private static final int N = 12;
    private final NDManager manager = Torch.manager();

    @AfterEach
    void close() {
        manager.close();
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(Reference.class)
    void disguisedCopiesOfOneNetworkBecomeOneAgain(Reference reference) {
        WeightBatch disguised = disguisedCopies(LAYOUT, 0.01f, 1);
        Aligned zoo = ZooAlignment.align(LAYOUT, disguised, new WeightMatching(50), reference, new Seed(1));
        assertThat(spread(disguised)).isGreaterThan(1);
        assertThat(spread(zoo.aligned())).isLessThan(0.2);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void alignmentPreservesEveryFunctionAndScale(long seed) {
        WeightBatch networks = gaussian(LAYOUT, N, seed);
        WeightBatch aligned =
                ZooAlignment.align(LAYOUT, networks, new Seed(seed)).aligned();
        NDArray x = manager.create(new Seed(77).gaussian(70), new Shape(10, 7));
        NDArray before = Mlp.logits(LAYOUT, array(networks), x);
        NDArray after = Mlp.logits(LAYOUT, array(aligned), x);
        assertThat(before.sub(after).abs().max().getFloat()).isLessThan(1e-3f);
        assertThat(array(aligned).norm(new int[] {1}).allClose(array(networks).norm(new int[] {1})))
                .isTrue();
        assertThat(aligned.theta()).isNotEqualTo(networks.theta());
    }

    @Test
    void laterNetworksAreAlignedToTheSameReference() {
        WeightBatch all = disguisedCopies(LAYOUT, 0.01f, 2);
        Aligned zoo = ZooAlignment.align(LAYOUT, all.slice(0, 6), new Seed(1));
        WeightBatch later = zoo.alignTo(all.slice(6, N));
        assertThat(later.size()).isEqualTo(N - 6);
        assertThat(spread(WeightBatch.concat(List.of(zoo.aligned(), later)))).isLessThan(0.2);
        assertThat(zoo.alignTo(all.slice(0, 0)).size()).isZero();
    }

    @Test
    void meanReferenceBringsAZooCloserTogetherThanItsFirstNetwork() {
        WeightBatch networks = gaussian(LAYOUT, 60, 3);
        double first = spread(ZooAlignment.align(LAYOUT, networks, new WeightMatching(50), Reference.FIRST, new Seed(1))
                .aligned());
        double mean = spread(ZooAlignment.align(LAYOUT, networks, new WeightMatching(50), Reference.MEAN, new Seed(1))
                .aligned());
        assertThat(mean).isLessThan(first);
        assertThat(first).isLessThan(spread(networks));
    }

    @Test
    void sameSeedGivesTheSameAlignment() {
        WeightBatch networks = gaussian(LAYOUT, N, 4);
        Aligned a = ZooAlignment.align(LAYOUT, networks, new Seed(5));
        Aligned b = ZooAlignment.align(LAYOUT, networks, new Seed(5));
        assertThat(a.reference()).isEqualTo(b.reference());
        assertThat(a.aligned().theta()).isEqualTo(b.aligned().theta());
    }

    @Test
    void networksWithoutScalingSymmetryAreMatchedAsTheyAre() {
        LayerLayout layout = LayerLayout.of(new Architecture(List.of(6, 8, 3), Activation.TANH));
        NDArray one = array(gaussian(layout, 1, 1));
        NDArray copies = RandomSymmetry.permutations(layout, N, new Seed(2)).apply(layout, one.repeat(0, N));
        WeightBatch zoo = new WeightBatch(layout.architecture(), copies.toFloatArray());
        WeightBatch aligned = ZooAlignment.align(layout, zoo, new Seed(1)).aligned();
        for (int i = 1; i < N; i++) {
            assertThat(aligned.slice(i, i + 1).theta())
                    .isEqualTo(aligned.slice(0, 1).theta());
        }
    }

    @Test
    void deadNeuronsAreAlignedToo() {
        WeightBatch networks = gaussian(LAYOUT, N, 6);
        Arrays.fill(networks.theta(), 0, 7, 0f);
        Aligned zoo = ZooAlignment.align(LAYOUT, networks, new Seed(1));
        assertThat(zoo.aligned().nonFinite()).isZero();
    }

    @Test
    void emptyZooIsRefused() {
        WeightBatch none = new WeightBatch(LAYOUT.architecture(), new float[0]);
        assertThatThrownBy(() -> ZooAlignment.align(LAYOUT, none, new Seed(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("training networks (0)");
    }

    // N noisy copies of one network, each permuted and rescaled at random.
    private WeightBatch disguisedCopies(LayerLayout layout, float noise, long seed) {
        NDArray copies = array(gaussian(layout, 1, seed))
                .add(array(gaussian(layout, N, seed + 100)).mul(noise));
        NDArray scaled = RandomSymmetry.scaling(layout, N, new Seed(seed)).apply(layout, copies);
        NDArray permuted =
                RandomSymmetry.permutations(layout, N, new Seed(seed)).apply(layout, scaled);
        return new WeightBatch(layout.architecture(), permuted.toFloatArray());
    }

    // Root mean squared distance of the canonical networks to their mean.
    private double spread(WeightBatch networks) {
        NDArray z = new CanonicalForm(LayerLayout.of(networks.architecture()), false).encode(array(networks));
        NDArray centred = z.sub(z.mean(new int[] {0}, true));
        return Math.sqrt(centred.square().sum(new int[] {1}).mean().getFloat());
    }

    private NDArray array(WeightBatch networks) {
        return manager.create(
                networks.theta(),
                new Shape(networks.size(), networks.architecture().parameters()));
    }

    private static WeightBatch gaussian(LayerLayout layout, int n, long seed) {
        return new WeightBatch(layout.architecture(), new Seed(seed).gaussian(n * layout.size()));
    }
}
