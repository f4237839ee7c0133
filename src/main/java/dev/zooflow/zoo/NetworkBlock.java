package dev.zooflow.zoo;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.data.Split;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;

/** Some networks in training: their weights, the state of their optimiser, and their order of examples. */
final class NetworkBlock {

    // Inputs gathered at a time: 4 MB in single precision.
    private static final long GATHERED_VALUES = 1_000_000;

    private final NDManager manager;
    private final int first;
    private final int n;
    private final NDArray theta;
    private final BaseOptimizer optimizer;
    private final Backpropagation networks;
    private final Examples examples;
    private final BatchOrder order;

    /**
     * Networks at the start of a training.
     *
     * @param manager to which everything belongs
     * @param start initial weights
     * @param seed of all networks, the same for every block
     * @param first index of the first network
     */
    NetworkBlock(
            Descent descent,
            LayerLayout layout,
            NDManager manager,
            Examples examples,
            WeightBatch start,
            Seed seed,
            int first) {
        this.manager = manager;
        this.first = first;
        this.n = start.size();
        this.examples = examples;
        this.theta = Torch.array(manager, start.theta(), new Shape(n, layout.size()));
        this.optimizer = BaseOptimizer.of(descent, manager, theta);
        this.networks = new Backpropagation(layout, theta);
        Seed[] orders = new Seed[n];
        for (int i = 0; i < n; i++) {
            orders[i] = seed.child(first + i).child("batches");
        }
        this.order = new BatchOrder(orders, (int) examples.x().getShape().get(0), descent.batchSize());
    }

    /** So many networks that the inputs of their mini-batches stay in the processor's cache; at least 1. */
    static int moderateSize(Descent descent, Split train) {
        long perNetwork = (long) Math.min(descent.batchSize(), train.size()) * train.features();
        return (int) Math.max(1, GATHERED_VALUES / perNetwork);
    }

    /** Index of the first trajectory. */
    int first() {
        return first;
    }

    /** Number of networks. */
    int size() {
        return n;
    }

    /** Weights [n, D], changed by every step. */
    NDArray theta() {
        return theta;
    }

    /** Begins an epoch; epochs must come in ascending order, each once. */
    void startEpoch(int epoch) {
        order.startEpoch(epoch);
    }

    /** One optimiser step of every network on mini-batch {@code batch} of the epoch. */
    void step(int batch) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            optimizer.step(theta, networks.gradient(examples.gather(manager, order.rows(batch), n)));
        }
    }

    /** The loss of every network on mini-batch {@code batch} of the epoch, [n]; not finite where it diverged. */
    float[] loss(int batch) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            return networks.loss(examples.gather(manager, order.rows(batch), n)).toFloatArray();
        }
    }
}
