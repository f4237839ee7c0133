package dev.zooflow.app;

import dev.zooflow.experiment.RunId;
import dev.zooflow.experiment.UserError;
import dev.zooflow.graph.Architecture;
import dev.zooflow.kafka.KafkaSettings;
import dev.zooflow.message.FileBlobStore;
import dev.zooflow.tensor.Seed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * How fast the embedded broker carries networks and tasks on this machine: small networks inside messages, networks of 10 MB
 * by claim check, and a task in which nothing is done. Everything is in this process and in a directory that is deleted.
 *
 * @param settings of the broker's clients
 * @param warmUp steps not counted
 * @param steps counted
 */
record KafkaBench(KafkaSettings settings, int warmUp, int steps) {

    /** The name on the command line. */
    static final String LABEL = "kafka";

    // Until the compilers of the virtual machine have done most of their work.
    static final int WARM_UP = 20;
    static final int STEPS = 10;

    private static final int MESSAGES = 40;
    private static final int LARGE_MESSAGES = 10;
    // As many as a final checkpoint is sampled for unless an experiment says otherwise.
    private static final int NETWORKS = 128;
    private static final Architecture SMALL = Architecture.relu(30, 16, 16, 2);
    private static final Architecture LARGE = Architecture.relu(30, 1567, 1567, 2);
    private static final int TASKS_PER_STEP = 10;

    /** Figures of each benchmark. */
    List<Map<String, Object>> run() {
        try {
            Path directory = Files.createTempDirectory("zooflow-bench");
            try (Brokers brokers = Brokers.open(settings.withBootstrapServers(""), directory.resolve(LABEL));
                    Wires wires = Wires.connect(brokers.settings(), new FileBlobStore(directory.resolve("blobs")))) {
                return List.of(
                        stream("inline", wires, SMALL, NETWORKS, MESSAGES),
                        largeStream(wires, directory),
                        trivial(wires));
            } finally {
                delete(directory);
            }
        } catch (IOException e) {
            throw UserError.infrastructure("temporary directory: %s. Maybe the disk is full?".formatted(e), e);
        }
    }

    private Map<String, Object> stream(String what, Wires wires, Architecture networks, int batch, int messages) {
        try (NetworkStream stream = new NetworkStream(wires, new RunId("bench-" + what), networks, batch, messages)) {
            double[] seconds = time(steps, stream::step);
            Map<String, Object> figures = figures(what);
            figures.putAll(stream.figures(seconds[seconds.length / 2]));
            return figures;
        }
    }

    /** Beside what the disk alone does with the same bytes: written, forced, read and hashed both times. */
    private Map<String, Object> largeStream(Wires wires, Path directory) {
        Map<String, Object> figures = stream("claim-check", wires, LARGE, 1, LARGE_MESSAGES);
        FileBlobStore alone = new FileBlobStore(directory.resolve("alone"));
        float[] theta = new Seed(2).gaussian(LARGE.parameters());
        ByteBuffer bytes = ByteBuffer.allocate(theta.length * Float.BYTES);
        bytes.asFloatBuffer().put(theta);
        int[] count = {0};
        double[] seconds = time(steps, () -> {
            long start = System.nanoTime();
            try {
                bytes.putInt(0, count[0]++);
                alone.get(alone.put(bytes.array()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return (System.nanoTime() - start) / 1e9;
        });
        figures.put("blob_store_megabytes_per_second", bytes.capacity() / 1e6 / seconds[seconds.length / 2]);
        return figures;
    }

    private Map<String, Object> trivial(Wires wires) {
        try (TrivialTasks tasks = new TrivialTasks(wires)) {
            double[] millis = time(steps * TASKS_PER_STEP, tasks::step);
            Map<String, Object> figures = figures("task");
            figures.put("tasks", millis.length);
            figures.put("median_ms", millis[millis.length / 2]);
            figures.put("min_ms", millis[0]);
            figures.put("p90_ms", millis[millis.length * 9 / 10]);
            figures.put("max_ms", millis[millis.length - 1]);
            return figures;
        }
    }

    private static Map<String, Object> figures(String what) {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("what", LABEL + "-" + what);
        return figures;
    }

    /** Sorted times. */
    private double[] time(int counted, DoubleSupplier step) {
        DoubleStream.generate(step).limit(warmUp).forEach(seconds -> {});
        double[] times = DoubleStream.generate(step).limit(counted).toArray();
        Arrays.sort(times);
        return times;
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
