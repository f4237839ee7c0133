package dev.zooflow.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.FlowSpec;
import dev.zooflow.experiment.SamplingSpec;
import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.Mlp;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WideningTest {

    private static final Architecture NARROW = Architecture.relu(5, 4, 3, 2);
    private static final Architecture WIDE = Architecture.relu(5, 9, 7, 2);

    @Test
    void repeatsNeuronsAndSharesTheirOutgoingWeights() {
        Architecture narrow = Architecture.relu(1, 2, 1);
        Architecture wide = Architecture.relu(1, 5, 1);
        WeightBatch network = new WeightBatch(narrow, new float[] {2, 3, 4, 5, 12, 8, 7});
        WeightBatch wider = new Widening(LayerLayout.of(narrow), LayerLayout.of(wide)).apply(network);
        // Neuron 0 three times, neuron 1 twice.
        assertThat(wider.theta())
                .containsExactly(2, 3, 2, 3, 2, 4, 5, 4, 5, 4, 12f / 3, 8f / 2, 12f / 3, 8f / 2, 12f / 3, 7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"5-4-3-2", "5-4-4-2", "5-9-7-2", "5-12-3-2", "5-64-33-2"})
    void theWiderNetworkHasTheSameFunction(String widths) {
        Architecture wide = Architecture.relu(
                Arrays.stream(widths.split("-", -1)).map(Integer::valueOf).toArray(Integer[]::new));
        WeightBatch networks = new WeightBatch(NARROW, new Seed(1).gaussian(3 * NARROW.parameters()));
        WeightBatch wider = new Widening(LayerLayout.of(NARROW), LayerLayout.of(wide)).apply(networks);
        assertSameFunction(networks, wider, 1e-5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"5-3-3-2", "4-4-3-2", "5-4-3-3", "5-4-2"})
    void narrowerAndOtherNetworksAreRefused(String widths) {
        Architecture other = Architecture.relu(
                Arrays.stream(widths.split("-", -1)).map(Integer::valueOf).toArray(Integer[]::new));
        assertThatThrownBy(() -> new Widening(LayerLayout.of(NARROW), LayerLayout.of(other)))
                .hasMessageContaining("architecture (%s) is not 5-4-3-2 with wider hidden layers", widths);
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource({
        "relational-transformer,geometric,x1",
        "relational-transformer,euclidean,x1",
        "relational-transformer,normalized,velocity",
        "pna,geometric,x1",
        "pna,euclidean,velocity"
    })
    void aFlowGeneratesWiderNetworksAroundTheSameFunction(String kind, String geometry, String prediction) {
        assertWiderAroundTheSameFunction(trained("kind = " + kind, geometry, prediction), WIDE, prediction);
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({"geometric,x1", "euclidean,x1", "normalized,velocity"})
    void aNeuronTransformerGeneratesWiderNetworksOfOneHiddenLayer(String geometry, String prediction) {
        WeightFlow flow = trained(Architecture.relu(5, 4, 2), "kind = neuron-transformer", geometry, prediction);
        assertWiderAroundTheSameFunction(flow, Architecture.relu(5, 9, 2), prediction);
    }

    private static void assertWiderAroundTheSameFunction(WeightFlow flow, Architecture wide, String prediction) {
        WeightFlow wider = flow.forArchitecture(wide);
        assertSameFunction(reference(flow), reference(wider), 1e-4);
        SamplingSpec sampling = ExperimentFile.parse("sampling { steps = 16 }").sampling();
        WeightBatch networks = wider.sample(6, sampling, new Seed(2));
        assertThat(networks.architecture()).isEqualTo(wide);
        assertThat(networks.size()).isEqualTo(6);
        assertThat(networks.nonFinite()).isZero();
        if (prediction.equals("x1")) {
            // Drawn together, the networks are the reference.
            SamplingSpec together = ExperimentFile.parse("sampling { steps = 16, truncation = 0.01 }")
                    .sampling();
            assertSameFunction(reference(flow), wider.sample(1, together, new Seed(2)), 0.05);
        }
    }

    @Test
    void theSameArchitectureIsTheSameFlow() {
        WeightFlow flow = trained("kind = pna", "geometric", "x1");
        assertThat(flow.forArchitecture(NARROW)).isSameAs(flow);
        assertThatThrownBy(() -> flow.forArchitecture(WIDE).arrays()).hasMessageContaining("Maybe store that?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"kind = flat", "kind = neuron-transformer", "hidden-embedding = per-neuron"})
    void fieldsThatReadOneArchitectureAreRefused(String backbone) {
        WeightFlow flow = trained(backbone, "euclidean", "x1");
        assertThatThrownBy(() -> flow.forArchitecture(WIDE))
                .hasMessage("flow (f) reads no other architecture than 5-4-3-2."
                        + " Maybe a graph backbone with hidden-embedding = shared?");
    }

    private static WeightBatch reference(WeightFlow flow) {
        WeightSpace space = WeightSpace.of(flow.spec(), LayerLayout.of(flow.architecture()));
        try (NDManager manager = Torch.manager()) {
            NDArray x = Torch.array(manager, flow.scale().reference(), new Shape(1, space.size()));
            return new WeightBatch(flow.architecture(), space.decode(x).toFloatArray());
        }
    }

    private static void assertSameFunction(WeightBatch a, WeightBatch b, double tolerance) {
        float[] expected = logits(a);
        float[] actual = logits(b);
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) actual[i]).isCloseTo(expected[i], within(tolerance * (1 + Math.abs(expected[i]))));
        }
    }

    private static float[] logits(WeightBatch networks) {
        LayerLayout layout = LayerLayout.of(networks.architecture());
        try (NDManager manager = Torch.manager()) {
            NDArray x = Torch.array(manager, new Seed(3).gaussian(20 * 5), new Shape(20, 5));
            NDArray theta = Torch.array(manager, networks.theta(), new Shape(networks.size(), layout.size()));
            return Mlp.logits(layout, theta, x).toFloatArray();
        }
    }

    private static WeightFlow trained(String backbone, String geometry, String prediction) {
        return trained(NARROW, backbone, geometry, prediction);
    }

    private static WeightFlow trained(Architecture architecture, String backbone, String geometry, String prediction) {
        FlowSpec spec = ExperimentFile.parse("""
                        flows = [{ name = f, geometry = %s, prediction = %s, backbone { width = 8, layers = 2, %s }
                          training { batch-size = 8, warm-up = 2 } }]
                        """.formatted(geometry, prediction, backbone))
                .flows()
                .get(0);
        WeightBatch zoo = new WeightBatch(architecture, new Seed(4).gaussian(20 * architecture.parameters()));
        try (FlowTrainer trainer = new FlowTrainer(spec, 0.1, zoo, new Seed(1))) {
            for (int k = 0; k < 5; k++) {
                trainer.step(0);
            }
            return trainer.snapshot();
        }
    }
}
