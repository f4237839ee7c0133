package dev.zooflow.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.tensor.Autograd;
import dev.zooflow.tensor.Torch;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The named parameters of a network, stored side by side in one flat array of P values of which each parameter is a
 * view. The optimiser and the moving average therefore work on one array, whatever the number of parameters.
 */
public final class Parameters implements AutoCloseable {

    private final NDManager manager;
    private final ParameterLayout layout;
    private final NDArray flat;
    private final Map<String, NDArray> views = new LinkedHashMap<>();

    /**
     * Places values in native memory.
     *
     * @param values [P], in the order of the layout
     * @param trainable whether operations on the parameters can be differentiated
     */
    public Parameters(NDManager parent, ParameterLayout layout, float[] values, boolean trainable) {
        this(parent.newSubManager(), layout, Torch.array(parent, values), trainable);
        flat.attach(manager);
    }

    private Parameters(NDManager manager, ParameterLayout layout, NDArray flat, boolean trainable) {
        this.manager = manager;
        this.layout = layout;
        this.flat = flat;
        layout.entries().forEach((name, entry) -> {
            NDArray view = flat.get("{}:{}", entry.offset(), entry.offset() + entry.size())
                    .reshape(entry.shape());
            view.setRequiresGradient(trainable);
            views.put(name, view);
        });
    }

    /** The same values in the same memory, with gradients of their own: for another thread. */
    public Parameters share(NDManager parent) {
        return new Parameters(parent.newSubManager(), layout, flat, true);
    }

    /** The parameter with this name. */
    public NDArray get(String name) {
        NDArray view = views.get(name);
        if (view == null) {
            throw new IllegalArgumentException("parameter (%s) does not exist".formatted(name));
        }
        return view;
    }

    /** Names, shapes and offsets. */
    public ParameterLayout layout() {
        return layout;
    }

    /** All values, [P]; writing to it changes every parameter. */
    public NDArray flat() {
        return flat;
    }

    /** All gradients, [P], in the order of the layout; attached to {@code target}. */
    public NDArray gradient(NDManager target) {
        try (NDManager scope = target.newSubManager()) {
            NDList parts = new NDList(views.size());
            for (NDArray view : views.values()) {
                NDArray gradient = view.getGradient();
                gradient.attach(scope);
                parts.add(gradient.reshape(new Shape(gradient.size())));
            }
            NDArray all = NDArrays.concat(parts, 0);
            all.attach(target);
            return all;
        }
    }

    /** Sets all gradients to zero. */
    public void clearGradient() {
        views.values().forEach(Autograd::clear);
    }

    /** A copy of all values, [P]. */
    public float[] values() {
        return flat.toFloatArray();
    }

    @Override
    public void close() {
        manager.close();
    }
}
