package dev.zooflow.zoo;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.zooflow.data.Split;
import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;

/**
 * The gradient of a task's loss at any networks of one architecture, each on a mini-batch of its own. Mini-batches come from
 * the seed and the number of the step, and from no other split than the one given.
 *
 * <p>Legend: n networks, D parameters, B examples of a mini-batch.
 */
public final class TaskGradient implements AutoCloseable {

    private final NDManager manager = Torch.manager();
    private final LayerLayout layout;
    private final Examples examples;
    private final int size;
    private final int batchSize;
    private final Seed seed;

    /**
     * The gradient by a task.
     *
     * @param train the task's training split
     * @param batchSize B
     */
    public TaskGradient(Architecture architecture, Split train, int batchSize, Seed seed) {
        this.layout = LayerLayout.of(architecture);
        this.examples = Examples.of(manager, train, architecture.outputs());
        this.size = train.size();
        this.batchSize = batchSize;
        this.seed = seed;
    }

    /**
     * The gradient of each network's mean cross-entropy on its mini-batch, drawn with replacement.
     *
     * @param theta [n, D]
     * @param step equal steps have equal mini-batches
     * @return [n, D]
     */
    public NDArray gradient(NDArray theta, int step) {
        int n = Math.toIntExact(theta.getShape().get(0));
        long[] rows = seed.child(step)
                .generator()
                .longs((long) n * batchSize, 0, size)
                .toArray();
        return new Backpropagation(layout, theta).gradient(examples.gather(theta.getManager(), rows, n));
    }

    @Override
    public void close() {
        manager.close();
    }
}
