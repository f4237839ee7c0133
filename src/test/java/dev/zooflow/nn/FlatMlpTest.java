package dev.zooflow.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.experiment.BackboneSpec;
import dev.zooflow.experiment.BackboneSpec.HiddenEmbedding;
import dev.zooflow.experiment.BackboneSpec.Kind;
import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlatMlpTest {

    private static final LayerLayout LAYOUT = LayerLayout.of(Architecture.relu(4, 5, 3));
    private static final int SIZE = LAYOUT.size();
    private final NDManager manager = Torch.manager();

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void hasTheSizeOfThePublishedNetwork() {
        // Closed form for D = 26506, h = 512: Linear(1, 64), Linear(64, 64) | Linear(D + 64, h), norm | Linear(h, h/2),
        // norm
        // | Linear(h/2, h), norm | Linear(h, D).
        LayerLayout mnist = LayerLayout.of(Architecture.relu(784, 32, 32, 10));
        FlatMlp net = new FlatMlp(spec(512, 3), mnist, mnist.size());
        assertThat(net.parameters().size()).isEqualTo(4288 + 13_605_376 + 131_840 + 132_608 + 13_597_578);
    }

    @ParameterizedTest(name = "{0} blocks")
    @CsvSource({"1,10", "2,10-10", "3,10-5-10", "5,10-5-5-5-10"})
    void blocksBetweenTheFirstAndTheLastHaveHalfTheWidth(int blocks, String widths) {
        FlatMlp net = new FlatMlp(spec(10, blocks), LAYOUT, SIZE);
        String[] expected = widths.split("-", -1);
        for (int i = 0; i < blocks; i++) {
            assertThat(net.parameters().entries().get("block" + i + ".bias").size())
                    .isEqualTo(Integer.parseInt(expected[i]));
        }
    }

    @Test
    void everyOutputDependsOnTimeAndOnEveryInputButNotOnTheReference() {
        FlatMlp net = new FlatMlp(spec(16, 3), LAYOUT, SIZE);
        Parameters p = randomised(net);
        NDArray x = gaussian(1, 1, SIZE);
        float[] before = forward(net, p, x, 0.3f, Dropout.NONE);
        assertThat(different(before, forward(net, p, x, 0.6f, Dropout.NONE))).isEqualTo(SIZE);
        for (int i = 0; i < SIZE; i++) {
            float[] values = x.toFloatArray();
            values[i] += 1;
            NDArray moved = manager.create(values, new Shape(1, SIZE));
            assertThat(different(before, forward(net, p, moved, 0.3f, Dropout.NONE)))
                    .isEqualTo(SIZE);
        }
        NDArray t = manager.full(new Shape(1, 1), 0.3f);
        assertThat(net.forward(p, LAYOUT, x, gaussian(3, 1, SIZE), t).toFloatArray())
                .isEqualTo(before);
    }

    @Test
    void otherArchitecturesAreRefused() {
        FlatMlp net = new FlatMlp(spec(16, 3), LAYOUT, SIZE);
        LayerLayout wider = LayerLayout.of(Architecture.relu(4, 6, 3));
        NDArray t = manager.full(new Shape(1, 1), 0.3f);
        assertThatThrownBy(() -> net.forward(randomised(net), wider, gaussian(1, 1, wider.size()), null, t))
                .hasMessage("architecture (4-6-3) is not 4-5-3, the only one that the flat backbone reads."
                        + " Maybe kind = relational-transformer?");
    }

    @Test
    void dropoutDependsOnSeedAndRowAndNotOnTheCutOfTheMiniBatch() {
        FlatMlp net = new FlatMlp(spec(16, 3), LAYOUT, SIZE);
        Parameters p = randomised(net);
        NDArray x = gaussian(1, 4, SIZE);
        float[] whole = forward(net, p, x, 0.3f, new Dropout(0.3, new Seed(5), 0));
        float[] half = forward(net, p, x.get("2:"), 0.3f, new Dropout(0.3, new Seed(5), 2));
        float[] other = forward(net, p, x, 0.3f, new Dropout(0.3, new Seed(6), 0));
        float[] lower = Arrays.copyOfRange(whole, 2 * SIZE, 4 * SIZE);
        for (int i = 0; i < half.length; i++) {
            assertThat(half[i]).isCloseTo(lower[i], within(1e-4f));
        }
        assertThat(different(whole, other)).isGreaterThan(3 * SIZE);
        assertThat(different(whole, forward(net, p, x, 0.3f, Dropout.NONE))).isGreaterThan(3 * SIZE);
    }

    @Test
    void dropoutSilencesAShareOfTheUnitsAndKeepsTheMean() {
        NDArray ones = manager.ones(new Shape(100, 200));
        float[] h = new Dropout(0.25, new Seed(1), 0).apply("block", ones).toFloatArray();
        double silent = 0;
        double mean = 0;
        for (float v : h) {
            silent += v == 0 ? 1.0 / h.length : 0;
            mean += v / h.length;
        }
        // Standard error of a share of 0.25 of 20,000: 0.003.
        assertThat(silent).isCloseTo(0.25, within(0.012));
        assertThat(mean).isCloseTo(1, within(0.016));
    }

    private static BackboneSpec spec(int width, int layers) {
        return new BackboneSpec(Kind.FLAT, width, layers, 1, true, HiddenEmbedding.SHARED, false, 0.1, 0);
    }

    private Parameters randomised(Backbone net) {
        return new Parameters(
                manager, net.parameters(), new Seed(9).gaussian(net.parameters().size()), false);
    }

    private float[] forward(FlatMlp net, Parameters p, NDArray x, float time, Dropout dropout) {
        NDArray t = manager.full(new Shape(x.getShape().get(0), 1), time);
        return net.forward(p, LAYOUT, x, null, t, dropout).toFloatArray();
    }

    private static int different(float[] a, float[] b) {
        int n = 0;
        for (int i = 0; i < a.length; i++) {
            n += Math.abs(a[i] - b[i]) > 1e-6 * (1 + Math.abs(a[i])) ? 1 : 0;
        }
        return n;
    }

    private NDArray gaussian(long seed, int rows, int columns) {
        return manager.create(new Seed(seed).gaussian(rows * columns), new Shape(rows, columns));
    }
}
