package dev.zooflow.zoo;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.zooflow.data.Dataset;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.Mlp;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;

/**
 * The loss of networks on mini-batches of a task's training split: the mean softmax cross-entropy. Differentiable in the
 * weights; holds the split in native memory until closed.
 *
 * <p>Legend: n networks, D parameters.
 */
public final class TaskLoss implements AutoCloseable {

    private final NDManager manager = Torch.manager();
    private final LayerLayout layout;
    private final Examples examples;
    private final int batch;

    /**
     * The loss of networks of a layout.
     *
     * @param batch examples of a mini-batch; all of the split if it has fewer
     */
    public TaskLoss(LayerLayout layout, Dataset data, int batch) {
        this.layout = layout;
        this.examples = Examples.of(manager, data.train(), data.classes().size());
        this.batch = Math.min(batch, data.train().size());
    }

    /**
     * The loss of each network on one mini-batch, the same for all and drawn with replacement.
     *
     * @param theta [n, D]
     * @param seed of the mini-batch
     * @return [n]
     */
    public NDArray of(NDArray theta, Seed seed) {
        long size = examples.x().getShape().get(0);
        long[] rows = seed.generator().longs(batch, 0, size).toArray();
        Examples drawn = examples.gather(theta.getManager(), rows, 1);
        NDArray logP = Mlp.logits(layout, theta, drawn.x().squeeze(0)).logSoftmax(2);
        return logP.mul(drawn.y()).sum(new int[] {2}).mean(new int[] {1}).neg();
    }

    @Override
    public void close() {
        manager.close();
    }
}
