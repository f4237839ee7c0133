package dev.zooflow.model;

import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.LayerLayout.Layer;
import dev.zooflow.rebasin.CanonicalForm;

/**
 * The density of freshly initialised networks, N(0, σ² I) on raw weights, in canonical coordinates, with respect to the
 * volume of the spheres and lines on which these lie.
 *
 * <p>Raw weights with the coordinates z are θ(z, a) for any logarithms a of the neurons' scales: w_kj = e^{a_k − a_j} u_kj,
 * b_k = e^{a_k} β_k, and the last layer e^τ u_kj e^{−a_j}, e^τ β_k. The volume element of neuron k of layer l contributes
 * a_k (d_{l−1} + 1 − d_{l+1}), the last layer τ (d_{L−1} d_L + d_L), so that
 *
 * <p>p(z) = ∫ (2πσ²)^{−D/2} exp(−‖θ(z, a)‖² / 2σ² + Σ_k a_k (d_{l−1} + 1 − d_{l+1}) + τ (d_{L−1} d_L + d_L)) da,
 *
 * <p>over τ too where the form does not keep it. The integral is taken by Laplace's method. Its error is about
 * 1 / (6 fan-in) for each neuron, nearly the same at all z, and so cancels in differences.
 *
 * <p>Legend: d_l width of layer l, D raw weights, u on the spheres, β biases, τ logarithm of the temperature.
 */
final class CanonicalSourceDensity {

    private final CanonicalForm form;
    private final double std;

    CanonicalSourceDensity(CanonicalForm form, double std) {
        this.form = form;
        this.std = std;
    }

    /**
     * The logarithm of the density.
     *
     * @param z canonical coordinates, [P]
     */
    double log(float[] z) {
        LayerLayout layout = form.layout();
        int neurons = layout.hiddenLayers().stream().mapToInt(Layer::fanOut).sum();
        LaplaceIntegral integral = new LaplaceIntegral(neurons + (form.keepTemperature() ? 0 : 1));
        double[] start = new double[neurons + (form.keepTemperature() ? 0 : 1)];
        int before = LaplaceIntegral.NONE;
        int first = 0;
        for (Layer layer : layout.hiddenLayers()) {
            int next = layout.layers().get(layer.index()).fanOut();
            for (int k = 0; k < layer.fanOut(); k++) {
                integral.addLinear(first + k, layer.fanIn() + 1 - next);
                start[first + k] = Math.log(std * Math.sqrt(layer.fanIn()));
                addNeuron(integral, layer, z, k, first + k, before);
            }
            before = first;
            first += layer.fanOut();
        }
        double temperature = addLastLayer(integral, layout.last(), z, before, neurons, start);
        return integral.log(start) + temperature - layout.size() * Math.log(2 * Math.PI * std * std) / 2;
    }

    private void addNeuron(LaplaceIntegral integral, Layer layer, float[] z, int k, int variable, int before) {
        double ownSquares = square(z[layer.biasOffset() + k]);
        for (int j = 0; j < layer.fanIn(); j++) {
            double squared = square(z[layer.weightOffset() + k * layer.fanIn() + j]);
            if (before == LaplaceIntegral.NONE) {
                ownSquares += squared;
            } else {
                integral.addExponential(variable, before + j, squared / (2 * std * std));
            }
        }
        integral.addExponential(variable, LaplaceIntegral.NONE, ownSquares / (2 * std * std));
    }

    // What does not depend on a variable is returned.
    private double addLastLayer(
            LaplaceIntegral integral, Layer last, float[] z, int before, int neurons, double[] start) {
        int size = last.weights() + last.fanOut();
        boolean known = form.keepTemperature();
        double tau = known ? z[z.length - 1] : 0;
        int variable = known ? LaplaceIntegral.NONE : neurons;
        if (!known) {
            integral.addLinear(variable, size);
            start[variable] = Math.log(std * Math.sqrt(last.weights()));
        }
        double unit = Math.exp(2 * tau) / (2 * std * std);
        double own = 0;
        for (int k = 0; k < last.fanOut(); k++) {
            own += square(z[last.biasOffset() + k]);
        }
        for (int j = 0; j < last.fanIn(); j++) {
            double column = 0;
            for (int k = 0; k < last.fanOut(); k++) {
                column += square(z[last.weightOffset() + k * last.fanIn() + j]);
            }
            if (before == LaplaceIntegral.NONE) {
                own += column;
            } else {
                integral.addExponential(variable, before + j, column * unit);
            }
        }
        if (known) {
            return tau * size - own * unit;
        }
        integral.addExponential(variable, LaplaceIntegral.NONE, own * unit);
        return 0;
    }

    private static double square(double x) {
        return x * x;
    }
}
