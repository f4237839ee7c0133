package dev.zooflow.transport;

import dev.zooflow.tensor.Seed;
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
import org.openjdk.jmh.annotations.Warmup;

/** The assignment of n rows to n columns with Gaussian costs. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class LinearAssignmentBenchmark {

    @Param({"16", "64", "512"})
    private int n;

    private float[] cost = new float[0];

    @Setup
    public void prepare() {
        cost = new Seed(1).gaussian(n * n);
    }

    @Benchmark
    public int[] minimise() {
        return LinearAssignment.minimise(cost, n);
    }
}
