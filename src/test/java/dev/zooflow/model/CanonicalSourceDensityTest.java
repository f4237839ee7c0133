package dev.zooflow.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.rebasin.CanonicalForm;
import org.junit.jupiter.api.Test;

/**
 * Golden numbers with SciPy 1.17.1: for one hidden layer the integral over the scale of each neuron in closed form, a
 * modified Bessel function ({@code scipy.special.kve}); for two scales that depend on each other the trapezoidal rule on a
 * grid of 401 × 401 points.
 */
class CanonicalSourceDensityTest {

    private static final double STD = 0.1;

    // About 1 / (6 · 30) for each neuron.
    private static final double PER_NEURON = 0.008;

    @Test
    void oneHiddenLayerAgreesWithTheBesselFunction() {
        assertThat(log(Architecture.relu(30, 3, 2), -1.0)).isCloseTo(8.652669322792597, within(3 * PER_NEURON));
        assertThat(log(Architecture.relu(30, 3, 2), -2.0)).isCloseTo(17.731319357472103, within(3 * PER_NEURON));
    }

    @Test
    void neuronsOfTwoLayersAgreeWithQuadrature() {
        // The second neuron has a fan-in of 1.
        assertThat(log(Architecture.relu(30, 1, 1, 2), -1.5)).isCloseTo(-25.82788823553401, within(0.2));
    }

    @Test
    void theTemperatureIsIntegratedOutWhereItIsNotKept() {
        assertThat(log(Architecture.relu(30, 1, 20), Double.NaN)).isCloseTo(7.223653969587725, within(0.03));
    }

    @Test
    void aNetworkWithoutHiddenLayersHasNothingToIntegrate() {
        LayerLayout layout = LayerLayout.of(Architecture.relu(2, 1));
        // w = e^τ u, b = e^τ β: the Gaussian density times e^{3τ}.
        float[] z = {0.6f, 0.8f, 0.5f, -2};
        double expected = -1.5 * Math.log(2 * Math.PI * STD * STD) - Math.exp(-4) * 1.25 / (2 * STD * STD) - 6;
        assertThat(new CanonicalSourceDensity(new CanonicalForm(layout, true), STD).log(z))
                .isCloseTo(expected, within(1e-5));
    }

    @Test
    void aNeuronThatNothingReachesOrLeavesHasNoDensity() {
        LayerLayout layout = LayerLayout.of(Architecture.relu(3, 1, 1));
        CanonicalSourceDensity density = new CanonicalSourceDensity(new CanonicalForm(layout, true), STD);
        assertThatThrownBy(() -> density.log(new float[7])).isInstanceOf(ArithmeticException.class);
    }

    // Weights sin(1 + i), biases 0.3 sin(1 + i) with the index i of the raw weight, every sphere projected.
    private static double log(Architecture architecture, double tau) {
        LayerLayout layout = LayerLayout.of(architecture);
        CanonicalForm form = new CanonicalForm(layout, !Double.isNaN(tau));
        float[] z = new float[form.size()];
        for (LayerLayout.Layer layer : layout.layers()) {
            int spheres = layer.equals(layout.last()) ? 1 : layer.fanOut();
            for (int s = 0; s < spheres; s++) {
                project(z, layer.weightOffset() + s * layer.weights() / spheres, layer.weights() / spheres);
            }
            for (int i = layer.biasOffset(); i < layer.end(); i++) {
                z[i] = (float) (0.3 * Math.sin(1 + i));
            }
        }
        if (form.keepTemperature()) {
            z[z.length - 1] = (float) tau;
        }
        return new CanonicalSourceDensity(form, STD).log(z);
    }

    private static void project(float[] z, int from, int length) {
        double squares = 0;
        for (int i = from; i < from + length; i++) {
            squares += Math.sin(1 + i) * Math.sin(1 + i);
        }
        for (int i = from; i < from + length; i++) {
            z[i] = (float) (Math.sin(1 + i) / Math.sqrt(squares));
        }
    }
}
