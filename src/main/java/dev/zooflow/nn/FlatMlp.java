package dev.zooflow.nn;

import ai.djl.ndarray.NDArray;
import dev.zooflow.experiment.BackboneSpec;
import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.nn.ParameterLayout.Init;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A perceptron over the flat vector of all coordinates, in the manner of DeepWeightFlow (Gupta et al., arXiv 2601.05052):
 * the comparison that knows nothing of weight graphs and, with enough width, copies its training networks.
 *
 * <p>t goes through Linear, GELU, Linear to 64 features that are appended to x; then blocks of Linear, LayerNorm, GELU and
 * dropout; then a Linear that begins at zero. The first and the last block have width h, those between them h/2, and the
 * last has no dropout: three blocks are the published network, with h = min(512, D/4) and a rate of 0.1 for MNIST's
 * 784-32-32-10.
 *
 * <p>The published code differs in what surrounds the network: raw weights unscaled (here both ends are scaled to order
 * one), one mean squared error (here blocks of coordinates are balanced), AdamW with β₂ = 0.95, no warm-up, clipping or
 * averaging of parameters, and PyTorch's default initialisation. Its source has a standard deviation of 0.01, t is
 * uniform, the velocity is predicted, and the batch is 8. For networks too big for it, the paper flows in the zoo's principal
 * components.
 *
 * <p>It reads no reference features: a constant input says nothing that the first bias can't. With them the end point is
 * still predicted as a difference to the reference, which happens outside.
 *
 * <p>Legend: B batch, P coordinates, h width.
 */
public final class FlatMlp implements Backbone {

    private static final int TIME_FEATURES = 64;

    private final Architecture trained;
    private final int coordinates;
    private final List<Integer> widths = new ArrayList<>();
    private final ParameterLayout parameters = new ParameterLayout();

    /**
     * Declares the network.
     *
     * @param trained the only layout it will read
     * @param coordinates P
     */
    public FlatMlp(BackboneSpec spec, LayerLayout trained, int coordinates) {
        this.trained = trained.architecture();
        this.coordinates = coordinates;
        for (int i = 0; i < spec.layers(); i++) {
            boolean between = i > 0 && i < spec.layers() - 1;
            widths.add(between ? Math.max(1, spec.width() / 2) : spec.width());
        }
        declare();
    }

    private void declare() {
        Layers.addLinear(parameters, "time-up", 1, TIME_FEATURES);
        Layers.addLinear(parameters, "time-down", TIME_FEATURES, TIME_FEATURES);
        int in = coordinates + TIME_FEATURES;
        for (int i = 0; i < widths.size(); i++) {
            Layers.addLinear(parameters, "block" + i, in, widths.get(i));
            Layers.addLayerNorm(parameters, "block" + i + ".norm", widths.get(i));
            in = widths.get(i);
        }
        parameters.add("output.weight", Init.ZEROS, coordinates, in).add("output.bias", Init.ZEROS, coordinates);
    }

    @Override
    public ParameterLayout parameters() {
        return parameters;
    }

    @Override
    public long multiplyAdds(LayerLayout layout) {
        return parameters.size();
    }

    @Override
    public NDArray forward(
            Parameters p, LayerLayout layout, NDArray x, @Nullable NDArray reference, NDArray t, Dropout dropout) {
        if (!layout.architecture().equals(trained)) {
            throw new IllegalArgumentException(
                    "architecture (%s) is not %s, the only one that the flat backbone reads. Maybe kind = relational-transformer?"
                            .formatted(layout.architecture(), trained));
        }
        NDArray time = Layers.linear(p, "time-down", Layers.gelu(Layers.linear(p, "time-up", t)));
        NDArray h = x.concat(time, 1);
        for (int i = 0; i < widths.size(); i++) {
            String block = "block" + i;
            h = Layers.gelu(Layers.layerNorm(p, block + ".norm", Layers.linear(p, block, h)));
            h = i < widths.size() - 1 ? dropout.apply(block, h) : h;
        }
        return Layers.linear(p, "output", h);
    }
}
