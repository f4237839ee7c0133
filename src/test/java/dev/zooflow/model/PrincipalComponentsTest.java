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
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PrincipalComponentsTest {

    private static final float[] X = {2, 0, 1, 3, 0, 1, 4, -1, 3, -2, 0, 2, 1, 1, 1, 0, -1, 2, 5, -3};
    private final NDManager manager = Torch.manager();

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void twoComponentsGiveTheBestPlane() {
        // numpy 2.4.6: mu = X.mean(0); U, S, V = numpy.linalg.svd(X - mu, full_matrices=False); (X - mu) @ V[:2].T @
        // V[:2] + mu
        double[] expected = {
            1.960189, 0.175395, 0.709786, 2.866941, -0.017861, 1.306613, 3.540632, -1.224429, 2.973997, -1.865314,
            -0.218621, 1.898546, 1.112604, 0.358674, 2.030597, 0.481317, -1.028930, 2.024632, 4.937605, -3.022375
        };
        NDArray x = Torch.array(manager, X, new Shape(5, 4));
        PrincipalComponents pca = PrincipalComponents.of(x, 2);
        float[] actual = pca.decode(pca.encode(x)).toFloatArray();
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) actual[i]).isCloseTo(expected[i], within(1e-4));
        }
    }

    @Test
    void coordinatesHaveTheSingularValuesAsNormsAndKeepDistances() {
        // numpy 2.4.6: numpy.linalg.svd(X - X.mean(0))[1]
        double[] singular = {7.451427, 1.727924, 1.512747, 0.045921};
        NDArray x = Torch.array(manager, X, new Shape(5, 4));
        PrincipalComponents pca = PrincipalComponents.of(x, 4);
        NDArray z = pca.encode(x);
        float[] norms = z.norm(new int[] {0}).toFloatArray();
        for (int k = 0; k < singular.length; k++) {
            assertThat((double) norms[k]).isCloseTo(singular[k], within(1e-4));
        }
        assertThat(pca.decode(z).sub(x).abs().max().getFloat()).isLessThan(1e-4f);
        assertThat((double) z.get(0).sub(z.get(1)).norm().getFloat())
                .isCloseTo(x.get(0).sub(x.get(1)).norm().getFloat(), within(1e-4));
    }

    @Test
    void moreComponentsThanDirectionsAreRefused() {
        NDArray three = Torch.array(manager, Arrays.copyOf(X, 12), new Shape(3, 4));
        assertThatThrownBy(() -> PrincipalComponents.of(three, 3))
                .hasMessage("pca-components (3) are more than the 2 directions that 3 networks span. Maybe 2?");
        assertThatThrownBy(() -> PrincipalComponents.of(three, 9)).hasMessageContaining("Maybe 2?");
    }

    @Test
    void theSourceHasItsDensityAroundZeroWeightsNotAroundTheMeanOfTheZoo() {
        FlowSpec spec = ExperimentFile.parse("""
                        flows = [{ name = f, geometry = euclidean, backbone { kind = flat, pca-components = 2 } }]
                        """).flows().get(0);
        LayerLayout layout = LayerLayout.of(Architecture.relu(1, 1, 1));
        PrincipalComponents pca = PrincipalComponents.of(Torch.array(manager, X, new Shape(5, 4)), 2);
        Source source = new Source(WeightSpace.of(spec, layout).with(Optional.of(pca)), 0.5);

        NDArray zero = pca.encode(manager.zeros(new Shape(1, 4)));
        // -K/2 log 2πσ², and 1/2 less at one standard deviation.
        double highest = -Math.log(2 * Math.PI * 0.25);
        assertThat(source.logDensity(zero)[0]).isCloseTo(highest, within(1e-5));
        NDArray aside = zero.add(Torch.array(manager, new float[] {0.5f, 0}, new Shape(1, 2)));
        assertThat(source.logDensity(aside)[0]).isCloseTo(highest - 0.5, within(1e-5));
    }

    @Test
    void aFlowInComponentsStaysInTheirPlaneAndSurvivesItsStorage() {
        FlowSpec spec = ExperimentFile.parse("""
                        flows = [{ name = f, geometry = euclidean, prediction = velocity
                          backbone { kind = flat, width = 32, layers = 3, pca-components = 3 }
                          training { batch-size = 8, warm-up = 2 } }]
                        """).flows().get(0);
        Architecture architecture = Architecture.relu(5, 4, 3);
        WeightBatch zoo = new WeightBatch(architecture, new Seed(4).gaussian(20 * architecture.parameters()));
        try (FlowTrainer trainer = new FlowTrainer(spec, 0.1, zoo, new Seed(1))) {
            double first = trainer.step(0).loss();
            double last = 0;
            for (int k = 0; k < 100; k++) {
                last = trainer.step(0).loss();
            }
            assertThat(last).isLessThan(first);
            WeightFlow flow = trainer.snapshot();
            WeightFlow stored = WeightFlow.restore(spec, architecture, flow.sourceStd(), flow.arrays());
            SamplingSpec sampling =
                    ExperimentFile.parse("sampling { steps = 8 }").sampling();
            float[] theta = flow.sample(6, sampling, new Seed(2)).theta();
            assertThat(stored.sample(6, sampling, new Seed(2)).theta()).isEqualTo(theta);
            NDArray x = Torch.array(manager, theta, new Shape(6, architecture.parameters()));
            PrincipalComponents pca = flow.components().orElseThrow();
            assertThat(pca.count()).isEqualTo(3);
            assertThat(pca.decode(pca.encode(x)).sub(x).abs().max().getFloat()).isLessThan(1e-4f);
        }
    }
}
