package dev.zooflow.rebasin;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.Permutations;
import dev.zooflow.tensor.Autograd;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;

/**
 * Sinkhorn re-basin: permutations found by gradient descent on relaxed ones (Peña et al., "Re-basin via implicit Sinkhorn
 * differentiation", CVPR 2023), many networks in one batch.
 *
 * <p>Each hidden layer of each network has learnable logits, whose image under {@value #ITERATIONS} iterations of
 * Sinkhorn's operator is its doubly stochastic matrix. Adam takes {@value #STEPS} steps from logits 0, where every
 * neuron is the average of its layer; then the nearest permutation is a linear assignment. Gradients go through the
 * iterations, where the paper differentiates their fixed point implicitly.
 *
 * <p>With {@link RebasinObjective.L2} it solves the problem of {@link WeightMatching}, more slowly and slightly worse on
 * networks that are no copies; the other objectives weigh what the task needs. Legend: n networks, D parameters.
 */
public record SinkhornRebasin(RebasinObjective objective) implements Matcher {

    private static final int STEPS = 60;
    private static final int ITERATIONS = 10;
    private static final double LEARNING_RATE = 0.7;
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final double EPSILON = 1e-8;
    // Values recorded at a time for differentiation: some 200 MB.
    private static final long CHUNK_VALUES = 50_000_000;

    @Override
    public Permutations align(LayerLayout layout, NDArray reference, NDArray theta, Seed seed) {
        int n = Math.toIntExact(theta.getShape().get(0));
        int[][][] maps = new int[n][][];
        int chunk = chunkSize(layout);
        for (int from = 0; from < n; from += chunk) {
            int to = Math.min(n, from + chunk);
            try (NDManager manager = theta.getManager().newSubManager()) {
                NDArray part = Torch.borrow(manager, theta).get("{}:{}", from, to);
                Permutations found = fit(layout, Torch.borrow(manager, reference), part, seed);
                System.arraycopy(found.maps(), 0, maps, from, to - from);
            }
        }
        return new Permutations(maps);
    }

    /** Starts anew, towards the new reference: relaxed permutations have no use for a hard start. */
    @Override
    public Permutations refine(LayerLayout layout, NDArray reference, NDArray theta, Permutations start, Seed seed) {
        return align(layout, reference, theta, seed);
    }

    /** Task losses are those of networks with their own temperature. */
    @Override
    public boolean comparesFunctions() {
        return !(objective instanceof RebasinObjective.L2);
    }

    private static int chunkSize(LayerLayout layout) {
        long perNetwork = 2L * ITERATIONS * SoftPermutations.size(layout) + 8L * layout.size();
        return (int) Math.max(1, CHUNK_VALUES / perNetwork);
    }

    // Adam (Kingma and Ba 2015) is elementwise, so that the networks of a batch do not interact.
    private Permutations fit(LayerLayout layout, NDArray reference, NDArray theta, Seed seed) {
        Shape shape = new Shape(theta.getShape().get(0), SoftPermutations.size(layout));
        NDArray logits = theta.getManager().zeros(shape);
        NDArray mean = logits.zerosLike();
        NDArray square = logits.zerosLike();
        for (int step = 1; step <= STEPS; step++) {
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                NDArray gradient = gradient(new SoftPermutations(layout, logits), reference, theta, seed.child(step));
                square.muli(BETA2).addi(gradient.square().muli(1 - BETA2));
                mean.muli(BETA1).addi(gradient.muli(1 - BETA1));
                double unbiased = 1 / Math.sqrt(1 - Math.pow(BETA2, step));
                NDArray root = square.sqrt().muli(unbiased).addi(EPSILON);
                logits.subi(mean.div(root).muli(LEARNING_RATE / (1 - Math.pow(BETA1, step))));
            }
        }
        return new SoftPermutations(layout, logits).harden();
    }

    private NDArray gradient(SoftPermutations at, NDArray reference, NDArray theta, Seed seed) {
        NDArray logits = at.logits().duplicate();
        logits.setRequiresGradient(true);
        return Autograd.record(() -> {
            NDArray moved = new SoftPermutations(at.layout(), logits).apply(theta, ITERATIONS);
            Autograd.backward(objective.cost(reference, moved, seed).sum());
            return logits.getGradient();
        });
    }
}
