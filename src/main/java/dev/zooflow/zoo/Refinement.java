package dev.zooflow.zoo;

import ai.djl.ndarray.NDManager;
import dev.zooflow.data.Split;
import dev.zooflow.experiment.UserError;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;
import java.util.ArrayList;
import java.util.List;

/**
 * Training that goes on from given networks, step by step: the steps of {@link ZooTrainer} from any start. Every network has
 * its own order of mini-batches, from the seed and its index; only the split given is learned from. Not thread-safe.
 */
public final class Refinement implements AutoCloseable {

    private final NDManager manager = Torch.manager();
    private final WeightBatch start;
    private final Descent descent;
    private final int stepsPerEpoch;
    private final List<NetworkBlock> blocks = new ArrayList<>();
    private int steps;

    /**
     * A training before its first step.
     *
     * @param start n networks
     * @param train the task's training split
     */
    public Refinement(WeightBatch start, Descent descent, Split train, Seed seed) {
        this.start = start;
        this.descent = descent;
        this.stepsPerEpoch = (train.size() + descent.batchSize() - 1) / descent.batchSize();
        LayerLayout layout = LayerLayout.of(start.architecture());
        Examples examples = Examples.of(manager, train, start.architecture().outputs());
        int size = NetworkBlock.moderateSize(descent, train);
        for (int from = 0; from < start.size(); from += size) {
            WeightBatch part = start.slice(from, Math.min(start.size(), from + size));
            blocks.add(new NetworkBlock(descent, layout, manager, examples, part, seed, from));
        }
    }

    /** Takes k steps of every network. */
    public Refinement step(int k) {
        for (int i = 0; i < k; i++) {
            for (NetworkBlock block : blocks) {
                if (steps % stepsPerEpoch == 0) {
                    block.startEpoch(steps / stepsPerEpoch);
                }
                block.step(steps % stepsPerEpoch);
            }
            steps++;
        }
        return this;
    }

    /** Steps of a pass over the training split. */
    public int stepsPerEpoch() {
        return stepsPerEpoch;
    }

    /**
     * The networks after the steps so far.
     *
     * @throws UserError when a weight is no longer finite
     */
    public WeightBatch networks() {
        WeightBatch networks = WeightBatch.concat(blocks.stream()
                .map(b -> new WeightBatch(start.architecture(), b.theta().toFloatArray()))
                .toList());
        if (networks.nonFinite() > 0) {
            throw UserError.usage("networks (%d) diverged within %d steps of learning rate %s. Maybe a lower one?"
                    .formatted(start.size(), steps, descent.learningRate()));
        }
        return networks;
    }

    @Override
    public void close() {
        manager.close();
    }
}
