package dev.zooflow.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/** The two affine maps that every backbone is made of, on the last axis of an array. */
final class Layers {

    private static final float EPSILON = 1e-5f;

    private Layers() {}

    /** x Wᵀ + b for {@code name.weight} [out, in] and {@code name.bias} [out]; x [..., in]. */
    static NDArray linear(Parameters p, String name, NDArray x) {
        return x.getNDArrayInternal()
                .linear(x, p.get(name + ".weight"), p.get(name + ".bias"))
                .singletonOrThrow();
    }

    /** x Wᵀ for {@code name.weight} [out, in]; x [..., in]. */
    static NDArray project(Parameters p, String name, NDArray x) {
        return x.matMul(p.get(name + ".weight").transpose());
    }

    /** Layer normalisation over the last axis with gain and offset (Ba, Kiros, Hinton 2016). */
    static NDArray layerNorm(Parameters p, String name, NDArray x) {
        Shape last = new Shape(x.getShape().get(x.getShape().dimension() - 1));
        return x.getNDArrayInternal()
                .layerNorm(x, last, p.get(name + ".gain"), p.get(name + ".offset"), EPSILON)
                .singletonOrThrow();
    }

    static NDArray gelu(NDArray x) {
        return x.getNDArrayInternal().gelu();
    }

    static void addLinear(ParameterLayout layout, String name, int in, int out) {
        addProjection(layout, name, in, out);
        layout.add(name + ".bias", ParameterLayout.Init.ZEROS, out);
    }

    static void addProjection(ParameterLayout layout, String name, int in, int out) {
        layout.add(name + ".weight", ParameterLayout.Init.WEIGHT, out, in);
    }

    static void addLayerNorm(ParameterLayout layout, String name, int width) {
        layout.add(name + ".gain", ParameterLayout.Init.ONES, width);
        layout.add(name + ".offset", ParameterLayout.Init.ZEROS, width);
    }
}
