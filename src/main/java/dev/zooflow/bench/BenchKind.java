package dev.zooflow.bench;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What can be timed. */
public enum BenchKind {
    /** Whole training steps of a flow; batch: its mini-batch. */
    TRAIN_STEP(5, 30) {
        @Override
        public int batch(BenchConfig config) {
            return config.flow().training().batchSize();
        }

        @Override
        Benchmark prepare(BenchConfig config, int batch) {
            return new TrainStepBench(config, batch);
        }
    },
    /** Generating networks, 64 at a time; as small a flow as the named configurations have: width 32, 4 layers. */
    SAMPLE(1, 5) {
        @Override
        public String defaults() {
            return "flow.backbone { width = 32, layers = 4 }";
        }

        @Override
        public int batch(BenchConfig config) {
            return 64;
        }

        @Override
        Benchmark prepare(BenchConfig config, int batch) {
            return new SampleBench(config, batch);
        }
    },
    /** Training a zoo on made-up examples of the task's size; batch: its training networks. */
    ZOO(1, 3) {
        @Override
        public int batch(BenchConfig config) {
            return config.experiment().zoo().trainingTrajectories();
        }

        @Override
        Benchmark prepare(BenchConfig config, int batch) {
            return new ZooBench(config, batch);
        }
    },
    /** Aligning a zoo, 8,000 networks unless said otherwise, to its mean by weight matching. */
    ALIGN(2, 5) {
        @Override
        public int batch(BenchConfig config) {
            return 8000;
        }

        @Override
        Benchmark prepare(BenchConfig config, int batch) {
            return new AlignBench(config, batch);
        }
    },
    /** Log densities of networks under a flow as small as that of {@link #SAMPLE}, with the experiment's solver and probes. */
    LIKELIHOOD(1, 3) {
        @Override
        public String defaults() {
            return SAMPLE.defaults();
        }

        @Override
        public int batch(BenchConfig config) {
            return 16;
        }

        @Override
        Benchmark prepare(BenchConfig config, int batch) {
            return new LikelihoodBench(config, batch);
        }
    };

    /**
     * How long steps go on before those that count, unless said otherwise: the virtual machine has then
     * compiled most of what is hot.
     */
    public static final Duration SETTLING = Duration.ofSeconds(1);

    private final int warmUp;
    private final int steps;

    BenchKind(int warmUp, int steps) {
        this.warmUp = warmUp;
        this.steps = steps;
    }

    /** Fewest steps before those that count, unless said otherwise. */
    public int warmUp() {
        return warmUp;
    }

    /** Counted steps unless said otherwise. */
    public int steps() {
        return steps;
    }

    /** What it changes in a named configuration, as HOCON. */
    public String defaults() {
        return "";
    }

    /** Networks of a step unless said otherwise. */
    public abstract int batch(BenchConfig config);

    /** The benchmark with its input made. */
    abstract Benchmark prepare(BenchConfig config, int batch);

    /** The name on the command line. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** All names. */
    public static List<String> labels() {
        return Arrays.stream(values()).map(BenchKind::label).toList();
    }

    /**
     * The kind of a name.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static BenchKind of(String label) {
        return Arrays.stream(values())
                .filter(kind -> kind.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "benchmark (%s) is unknown. Maybe one of %s?".formatted(label, String.join(", ", labels()))));
    }

    /**
     * Prepares the benchmark and times it in this process.
     *
     * @param batch networks of a step, at least 1
     * @param warmUp steps not counted
     * @param settling how long these go on at least
     * @param steps counted, at least 1
     */
    public BenchResult run(BenchConfig config, int batch, int warmUp, Duration settling, int steps) {
        try (Benchmark benchmark = prepare(config, batch)) {
            long end = System.nanoTime() + settling.toNanos();
            for (int k = 0; k < warmUp || System.nanoTime() < end; k++) {
                benchmark.step();
            }
            return Stopwatch.time(label(), config, benchmark, steps);
        }
    }
}
