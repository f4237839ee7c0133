package dev.zooflow.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.tensor.Autograd;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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

/** One layer of relational attention, width 32, over 8 networks. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class AttentionBenchmark {

    private static final int BATCH = 8;
    private static final int WIDTH = 32;

    @Param({"30-16-16-2", "784-10-10"})
    private String network = "";

    private NDManager manager;
    private RtAttention attention;
    private Parameters parameters;
    private GraphState state;

    @Setup
    public void prepare() {
        manager = Torch.manager();
        attention = new RtAttention("a", WIDTH, 1);
        ParameterLayout layout = new ParameterLayout();
        attention.addParameters(layout);
        parameters = new Parameters(manager, layout, layout.initialValues(new Seed(1)), true);
        int[] widths = Arrays.stream(network.split("-", -1))
                .mapToInt(Integer::parseInt)
                .toArray();
        List<NDArray> nodes = new ArrayList<>();
        List<NDArray> edges = new ArrayList<>();
        for (int l = 0; l < widths.length; l++) {
            nodes.add(gaussian(new Shape(BATCH, widths[l], WIDTH)));
            if (l > 0) {
                edges.add(gaussian(new Shape(BATCH, widths[l], widths[l - 1], WIDTH)));
            }
        }
        state = new GraphState(NDArrays.concat(new NDList(nodes), 1), edges);
    }

    private NDArray gaussian(Shape shape) {
        return Torch.array(manager, new Seed(shape.size()).gaussian(Math.toIntExact(shape.size())), shape);
    }

    @Benchmark
    public float forward() {
        return Autograd.pause(() -> {
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                return sum().getFloat();
            }
        });
    }

    @Benchmark
    public float forwardAndBackward() {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray sum = Autograd.record(() -> {
                NDArray s = sum();
                Autograd.backward(s);
                return s;
            });
            parameters.clearGradient();
            return sum.getFloat();
        }
    }

    private NDArray sum() {
        return attention.receive(parameters, state).sum();
    }

    @TearDown
    public void close() {
        manager.close();
    }
}
