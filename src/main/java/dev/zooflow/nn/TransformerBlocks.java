package dev.zooflow.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.nn.ParameterLayout.Init;
import dev.zooflow.tensor.Autograd;

/**
 * Blocks of self-attention and a perceptron, both residual and normalised before (Xiong et al., ICML 2020), which the time
 * modulates: a linear map of it, zero at the start, scales and shifts what each half reads.
 *
 * <p>Legend: B batch, T tokens, d width, H heads, c = d/H.
 *
 * @param width d
 * @param heads H, divides d
 * @param count number of blocks
 */
record TransformerBlocks(int width, int heads, int count) {

    private static final int EXPANSION = 4;

    void addParameters(ParameterLayout layout) {
        Layers.addLinear(layout, "time-up", TimeEmbedding.SIZE, width);
        Layers.addLinear(layout, "time-down", width, width);
        for (int i = 0; i < count; i++) {
            String block = "block" + i;
            layout.add(block + ".time.weight", Init.ZEROS, 4L * width, width);
            layout.add(block + ".time.bias", Init.ZEROS, 4L * width);
            Layers.addLayerNorm(layout, block + ".attention-norm", width);
            Layers.addLinear(layout, block + ".query-key-value", width, 3 * width);
            Layers.addLinear(layout, block + ".attention", width, width);
            Layers.addLayerNorm(layout, block + ".perceptron-norm", width);
            Layers.addLinear(layout, block + ".up", width, EXPANSION * width);
            Layers.addLinear(layout, block + ".down", EXPANSION * width, width);
        }
        Layers.addLayerNorm(layout, "output-norm", width);
    }

    long multiplyAdds(long tokens) {
        long perToken = (4L + 2 * EXPANSION) * width * width + 2 * tokens * width;
        return count * (tokens * perToken + 4L * width * width);
    }

    /**
     * New states of the tokens.
     *
     * @param states [B, T, d]
     * @param t [B, 1]
     * @return [B, T, d], normalised
     */
    NDArray forward(Parameters p, NDArray states, NDArray t, Dropout dropout) {
        NDArray time = Layers.gelu(Layers.linear(p, "time-up", TimeEmbedding.features(t)));
        NDArray condition = Layers.linear(p, "time-down", time);
        NDArray h = states.add(condition.expandDims(1));
        NDArray modulation = Layers.gelu(condition);
        for (int i = 0; i < count; i++) {
            String block = "block" + i;
            NDArray m = Layers.linear(p, block + ".time", modulation).reshape(-1, 4, width);
            NDArray read = modulated(Layers.layerNorm(p, block + ".attention-norm", h), m, 0);
            h = h.add(attention(p, block, read));
            read = modulated(Layers.layerNorm(p, block + ".perceptron-norm", h), m, 2);
            h = h.add(perceptron(p, block, read, dropout));
        }
        return Layers.layerNorm(p, "output-norm", h);
    }

    private static NDArray modulated(NDArray x, NDArray modulation, int at) {
        return x.mul(modulation.get(":, {}:{}", at, at + 1).add(1)).add(modulation.get(":, {}:{}", at + 1, at + 2));
    }

    private NDArray attention(Parameters p, String block, NDArray x) {
        long batch = x.getShape().get(0);
        long tokens = x.getShape().get(1);
        int c = width / heads;
        NDArray all = Layers.linear(p, block + ".query-key-value", x)
                .reshape(batch, tokens, 3, heads, c)
                .transpose(2, 0, 3, 1, 4)
                .reshape(3, batch * heads, tokens, c);
        NDArray logits = all.get(0).batchMatMul(all.get(1).transpose(0, 2, 1));
        NDArray weights = Autograd.scale(logits, 1 / Math.sqrt(c)).softmax(2);
        NDArray read = weights.batchMatMul(all.get(2))
                .reshape(batch, heads, tokens, c)
                .transpose(0, 2, 1, 3)
                .reshape(batch, tokens, width);
        return Layers.linear(p, block + ".attention", read);
    }

    private static NDArray perceptron(Parameters p, String block, NDArray x, Dropout dropout) {
        NDArray hidden = Layers.gelu(Layers.linear(p, block + ".up", x));
        Shape shape = hidden.getShape();
        NDArray flat = hidden.reshape(shape.get(0), shape.get(1) * shape.get(2));
        return Layers.linear(p, block + ".down", dropout.apply(block, flat).reshape(shape));
    }
}
