package dev.zooflow.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import dev.zooflow.flow.path.PathSample;
import dev.zooflow.nn.Parameters;
import dev.zooflow.tensor.Autograd;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The gradient of a mini-batch, computed in equal shards on as many threads. The shards read the same parameters and are
 * summed in a fixed order, so that the result does not depend on which thread is first.
 */
final class GradientShards implements AutoCloseable {

    private final NDManager manager;
    private final List<Parameters> shards = new ArrayList<>();
    private final ExecutorService threads;

    /** The loss of some pairs of a mini-batch. */
    @FunctionalInterface
    interface Loss {
        /**
         * Their contribution to the loss of the mini-batch, a scalar.
         *
         * @param firstRow place of the first pair in the mini-batch
         */
        NDArray of(Parameters shard, PathSample pairs, int firstRow);
    }

    /**
     * The gradient of a mini-batch.
     *
     * @param loss of the mini-batch
     * @param gradient [K], in the caller's scope
     */
    record Result(double loss, NDArray gradient) {}

    GradientShards(NDManager manager, Parameters parameters, int count) {
        this.manager = manager;
        for (int i = 0; i < count; i++) {
            shards.add(parameters.share(manager));
        }
        this.threads = Executors.newFixedThreadPool(count, task -> {
            Thread thread = new Thread(task, "flow-gradient");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Computes loss and gradient.
     *
     * @param batch B pairs
     */
    Result compute(PathSample batch, Loss loss) {
        int size = Math.toIntExact(batch.t().getShape().get(0));
        int count = Math.min(size, shards.size());
        if (count == 1) {
            // No other thread is waited for.
            return sum(List.of(CompletableFuture.completedFuture(part(shards.get(0), batch, 0, size, loss))));
        }
        List<CompletableFuture<Result>> parts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int from = i * size / count;
            int to = (i + 1) * size / count;
            Parameters shard = shards.get(i);
            parts.add(CompletableFuture.supplyAsync(() -> part(shard, batch, from, to, loss), threads));
        }
        return sum(parts);
    }

    private Result part(Parameters shard, PathSample batch, int from, int to, Loss loss) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray value = Autograd.record(() -> {
                NDArray l = loss.of(shard, batch.slice(from, to), from);
                Autograd.backward(l);
                return l;
            });
            NDArray gradient = shard.gradient(manager);
            shard.clearGradient();
            NDScope.unregister(gradient);
            return new Result(value.getFloat(), gradient);
        }
    }

    private static Result sum(List<CompletableFuture<Result>> parts) {
        // All shards end before any failure is told: a later step must not meet them.
        CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
                .exceptionally(e -> null)
                .join();
        try {
            Result total = parts.get(0).join();
            NDScope.register(total.gradient());
            double loss = total.loss();
            for (CompletableFuture<Result> part : parts.subList(1, parts.size())) {
                try (NDArray gradient = part.join().gradient()) {
                    total.gradient().addi(gradient);
                }
                loss += part.join().loss();
            }
            return new Result(loss, total.gradient());
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        shards.forEach(Parameters::close);
    }
}
