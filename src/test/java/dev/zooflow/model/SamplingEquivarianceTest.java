package dev.zooflow.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.FlowSpec;
import dev.zooflow.experiment.SamplingSpec;
import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.Permutations;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.rebasin.RandomSymmetry;
import dev.zooflow.tensor.Autograd;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Permuting the neurons of a point of the source permutes those of the network that it becomes. */
final class SamplingEquivarianceTest {

    private static final int N = 4;
    private static final SamplingSpec SAMPLING =
            ExperimentFile.parse("sampling { steps = 8, solver = heun }").sampling();

    @ParameterizedTest(name = "{0}, {1}")
    @CsvSource({
        "geometric,relational-transformer",
        "normalized,relational-transformer",
        "euclidean,relational-transformer",
        "geometric,pna",
        "euclidean,pna"
    })
    void deepNetworks(String geometry, String kind) {
        assertThat(error(spec(geometry, kind, "shared"), Architecture.relu(4, 5, 6, 3)))
                .isLessThan(1e-4);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"geometric", "normalized", "euclidean"})
    void neuronTransformerWithOneHiddenLayer(String geometry) {
        assertThat(error(spec(geometry, "neuron-transformer", "shared"), Architecture.relu(4, 6, 3)))
                .isLessThan(1e-4);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"geometric", "euclidean"})
    void embeddingsOfNeuronsBreakIt(String geometry) {
        assertThat(error(spec(geometry, "relational-transformer", "per-neuron"), Architecture.relu(4, 5, 6, 3)))
                .isGreaterThan(1e-3);
    }

    private static FlowSpec spec(String geometry, String kind, String embedding) {
        return ExperimentFile.parse("""
                        flows = [{
                          name = f, geometry = %s
                          backbone {
                            kind = %s, width = 8, layers = 2, reference-features = false, hidden-embedding = %s
                          }
                          training { batch-size = 8, learning-rate = 1e-2 }
                        }]
                        """.formatted(geometry, kind, embedding))
                .flows()
                .get(0);
    }

    // The largest difference between the permuted sample and the sample of the permuted start, relative to the weights.
    private static double error(FlowSpec spec, Architecture architecture) {
        LayerLayout layout = LayerLayout.of(architecture);
        WeightBatch start = new WeightBatch(architecture, new Seed(5).gaussian(N * layout.size()));
        Permutations order = RandomSymmetry.permutations(layout, N, new Seed(6));
        try (FlowTrainer trainer =
                new FlowTrainer(spec, 0.5, TrainingFixture.twoCentres(architecture, 12), new Seed(1))) {
            TrainingFixture.train(trainer, 20);
            WeightFlow flow = trainer.snapshot();
            float[] expected = order.apply(layout, sample(flow, spec, start)).theta();
            float[] actual = sample(flow, spec, order.apply(layout, start)).theta();
            double largest = 0;
            double difference = 0;
            for (int k = 0; k < expected.length; k++) {
                largest = Math.max(largest, Math.abs(expected[k]));
                difference = Math.max(difference, Math.abs(expected[k] - actual[k]));
            }
            return difference / largest;
        }
    }

    private static WeightBatch sample(WeightFlow flow, FlowSpec spec, WeightBatch start) {
        LayerLayout layout = LayerLayout.of(start.architecture());
        return Autograd.pause(() -> {
            try (NDManager manager = Torch.manager();
                    FlowSession session = new FlowSession(flow, SAMPLING, Optional.empty())) {
                NDArray theta = Torch.array(manager, start.theta(), new Shape(N, layout.size()));
                return session.sample(WeightSpace.of(spec, layout).encode(theta), SAMPLING, new Seed(2));
            }
        });
    }
}
