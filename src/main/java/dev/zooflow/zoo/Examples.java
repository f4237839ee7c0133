package dev.zooflow.zoo;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import dev.zooflow.data.Split;
import dev.zooflow.tensor.Torch;

/**
 * A split in native memory, from which mini-batches are gathered.
 *
 * <p>Legend: T examples, f features, C classes.
 *
 * @param x inputs [T, f]
 * @param y classes as rows of the identity [T, C]
 */
record Examples(NDArray x, NDArray y) {

    /** Copies a split into the manager. */
    static Examples of(NDManager manager, Split split, int classes) {
        float[] oneHot = new float[split.size() * classes];
        for (int i = 0; i < split.size(); i++) {
            oneHot[i * classes + split.y()[i]] = 1f;
        }
        return new Examples(
                Torch.array(manager, split.x(), new Shape(split.size(), split.features())),
                Torch.array(manager, oneHot, new Shape(split.size(), classes)));
    }

    /** Mini-batches of n networks, whose rows follow each other in {@code rows}: x [n, B, f], y [n, B, C]. */
    Examples gather(NDManager manager, long[] rows, int n) {
        NDArray index = manager.create(rows);
        return new Examples(select(x, index, n), select(y, index, n));
    }

    // An embedding look-up copies whole rows, several times faster than advanced indexing.
    private static NDArray select(NDArray from, NDArray index, int n) {
        return from.getNDArrayInternal()
                .embedding(index, from, SparseFormat.DENSE)
                .singletonOrThrow()
                .reshape(n, -1, from.getShape().get(1));
    }
}
