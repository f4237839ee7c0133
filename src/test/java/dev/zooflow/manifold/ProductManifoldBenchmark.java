package dev.zooflow.manifold;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.manifold.ProductManifold.Factor;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Exponential and logarithm at 32 networks 784-10-10: ten spheres for the hidden neurons, one for the last layer. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ProductManifoldBenchmark {

    private static final int BATCH = 32;

    private final ProductManifold manifold = new ProductManifold(List.of(
            new Factor(new Sphere(), 0, 10, 784),
            new Factor(new Euclidean(), 7840, 1, 10),
            new Factor(new Sphere(), 7850, 1, 100),
            new Factor(new Euclidean(), 7950, 1, 11)));
    private NDManager manager;
    private NDArray x;
    private NDArray y;
    private NDArray u;

    @Setup
    public void prepare() {
        manager = Torch.manager();
        x = manifold.projx(gaussian(1));
        y = manifold.projx(gaussian(2));
        u = manifold.logmap(x, y);
    }

    private NDArray gaussian(long seed) {
        int size = manifold.size();
        return Torch.array(manager, new Seed(seed).gaussian(BATCH * size), new Shape(BATCH, size));
    }

    @Benchmark
    public long expmap() {
        return count(() -> manifold.expmap(x, u));
    }

    @Benchmark
    public long logmap() {
        return count(() -> manifold.logmap(x, y));
    }

    private static long count(Supplier<NDArray> computation) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            return computation.get().size();
        }
    }

    @TearDown
    public void close() {
        manager.close();
    }
}
