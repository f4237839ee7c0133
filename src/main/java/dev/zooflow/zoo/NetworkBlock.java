package dev.zooflow.zoo;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.experiment.ZooSpec;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;

/** Some networks in training: their weights, the state of their optimiser, and their order of examples. */
final class NetworkBlock {

    private final NDManager manager;
    private final int first;
    private final int n;
    private final NDArray theta;
    private final BaseOptimizer optimizer;
    private final Backpropagation networks;
    private final Examples examples;
    private final BatchOrder order;

    /**
     * Trajectories {@code from} (inclusive) to {@code to} (exclusive) at their start, with weights and biases from
     * N(0, initial-std²).
     *
     * @param manager to which everything belongs
     * @param seed of the zoo, the same for every block
     */
    NetworkBlock(ZooSpec spec, LayerLayout layout, NDManager manager, Examples examples, Seed seed, int from, int to) {
        this.manager = manager;
        this.first = from;
        this.n = to - from;
        this.examples = examples;
        int size = layout.size();
        float[] initial = new float[n * size];
        Seed[] orders = new Seed[n];
        for (int i = 0; i < n; i++) {
            Seed own = seed.child(from + i);
            System.arraycopy(own.child("initial-weights").gaussian(size), 0, initial, i * size, size);
            orders[i] = own.child("batches");
        }
        this.theta = Torch.array(manager, initial, new Shape(n, size)).muli(spec.initialStd());
        this.optimizer = BaseOptimizer.of(spec, manager, theta);
        this.networks = new Backpropagation(layout, theta);
        this.order = new BatchOrder(orders, (int) examples.x().getShape().get(0), spec.batchSize());
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
