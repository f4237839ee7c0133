package dev.zooflow.rebasin;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.Permutations;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Matching of 100 noisy copies of a network, the neurons of each in a random order, to the network. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class WeightMatchingBenchmark {

    private static final int NETWORKS = 100;

    @Param({"30-16-16-2", "784-10-10", "32-64-64-64-10"})
    private String network = "";

    private NDManager manager;
    private LayerLayout layout;
    private NDArray reference;
    private NDArray theta;

    @Setup
    public void prepare() {
        manager = Torch.manager();
        layout = LayerLayout.of(Architecture.relu(
                Arrays.stream(network.split("-", -1)).map(Integer::valueOf).toArray(Integer[]::new)));
        reference = gaussian(1, 1);
        NDArray copies = reference.add(gaussian(2, NETWORKS).mul(0.3));
        theta = RandomSymmetry.permutations(layout, NETWORKS, new Seed(3)).apply(layout, copies);
    }

    private NDArray gaussian(long seed, int n) {
        return Torch.array(manager, new Seed(seed).gaussian(n * layout.size()), new Shape(n, layout.size()));
    }

    @Benchmark
    public Permutations align() {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            return new WeightMatching(50).align(layout, reference, theta, new Seed(4));
        }
    }

    @TearDown
    public void close() {
        manager.close();
    }
}
