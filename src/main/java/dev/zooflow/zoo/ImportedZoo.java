package dev.zooflow.zoo;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.data.Dataset;
import dev.zooflow.exchange.NetworkFiles;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.UserError;
import dev.zooflow.experiment.ZooSpec;
import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * A zoo of networks that others trained, read from files. Each file is a trajectory, its networks are the snapshots; the
 * networks of a file that is alone are trajectories of one snapshot each. Folders {@value #TRAINING} and {@value #HELD_OUT}
 * are the two sides, in the order of their files; without them the seed draws both sides.
 */
public final class ImportedZoo {

    /** Name of the folder whose networks flows learn from. */
    public static final String TRAINING = "training";

    /** Name of the folder whose networks nothing is fitted on. */
    public static final String HELD_OUT = "held-out";

    private final ZooSpec spec;
    private final Architecture architecture;
    private final Dataset data;
    private final List<Supplier<WeightBatch>> trajectories;

    private ImportedZoo(ExperimentSpec experiment, Dataset data, Path dataDir) {
        this.spec = experiment.zoo();
        this.architecture = experiment
                .network()
                .architecture(data.features(), data.classes().size());
        this.data = data;
        Path path = path(dataDir);
        Seed seed = new Seed(experiment.seed()).child("zoo").child("sides");
        this.trajectories = Files.isDirectory(path.resolve(TRAINING)) && Files.isDirectory(path.resolve(HELD_OUT))
                ? bySide(path)
                : shuffled(path, seed);
    }

    /**
     * The zoo that an experiment imports.
     *
     * @throws UserError when there are too few networks
     */
    public static ImportedZoo of(ExperimentSpec experiment, Dataset data, Path dataDir) {
        return new ImportedZoo(experiment, data, dataDir);
    }

    /** The zoo that an experiment imports, if it does. */
    public static Optional<ImportedZoo> ifAny(ExperimentSpec experiment, Dataset data, Path dataDir) {
        return experiment.zoo().kind() == ZooSpec.Kind.IMPORTED
                ? Optional.of(of(experiment, data, dataDir))
                : Optional.empty();
    }

    private Path path(Path dataDir) {
        try {
            return dataDir.resolve(spec.path());
        } catch (InvalidPathException e) {
            throw UserError.usage(
                    "zoo.path (%s) is no path: %s. Maybe a typing error?".formatted(spec.path(), e.getReason()), e);
        }
    }

    private List<Supplier<WeightBatch>> bySide(Path path) {
        List<Supplier<WeightBatch>> training = found(path.resolve(TRAINING));
        List<Supplier<WeightBatch>> heldOut = found(path.resolve(HELD_OUT));
        int n = spec.trainingTrajectories();
        int m = spec.heldOutTrajectories();
        check("training-trajectories", n, training.size(), training.size());
        check("held-out-trajectories", m, heldOut.size(), heldOut.size());
        List<Supplier<WeightBatch>> both = new ArrayList<>(training.subList(0, n));
        both.addAll(heldOut.subList(0, m));
        return both;
    }

    private List<Supplier<WeightBatch>> shuffled(Path path, Seed seed) {
        List<Supplier<WeightBatch>> all = new ArrayList<>(found(path));
        int m = spec.heldOutTrajectories();
        check("training-trajectories", spec.trainingTrajectories(), all.size() - m, all.size());
        Collections.shuffle(all, new Random(seed.value()));
        return all.subList(0, spec.trajectories());
    }

    private void check(String key, int wanted, int left, int found) {
        if (wanted > left) {
            throw UserError.usage(
                    "zoo.%s (%d) is more than zoo.path (%s) holds: %d trajectories, %d for this side. Maybe %s?"
                            .formatted(
                                    key,
                                    wanted,
                                    spec.path(),
                                    found,
                                    Math.max(0, left),
                                    left >= 2 ? Integer.toString(left) : "fewer zoo.held-out-trajectories"));
        }
    }

    private List<Supplier<WeightBatch>> found(Path path) {
        List<Path> files = NetworkFiles.find(path);
        if (files.size() > 1) {
            return files.stream().map(this::file).toList();
        }
        WeightBatch alone = NetworkFiles.read(files.get(0), architecture);
        return IntStream.range(0, alone.size()).mapToObj(i -> row(alone, i)).toList();
    }

    private Supplier<WeightBatch> file(Path file) {
        return () -> NetworkFiles.read(file, architecture);
    }

    private static Supplier<WeightBatch> row(WeightBatch networks, int i) {
        return () -> networks.slice(i, i + 1);
    }

    /**
     * Trajectories {@code from} (inclusive) to {@code to} (exclusive), in ascending order of the index.
     *
     * @throws UserError when a file can't be read or its networks are of another architecture
     */
    public List<Trajectory> read(int from, int to) {
        try (NDManager manager = Torch.manager()) {
            LayerLayout layout = LayerLayout.of(architecture);
            ValidationAccuracy validation = new ValidationAccuracy(manager, layout, data.validation());
            return IntStream.range(from, to)
                    .mapToObj(i -> trajectory(i, manager, validation))
                    .toList();
        }
    }

    private Trajectory trajectory(int index, NDManager manager, ValidationAccuracy validation) {
        WeightBatch snapshots = trajectories.get(index).get();
        Shape shape = new Shape(snapshots.size(), architecture.parameters());
        try (NDArray theta = Torch.array(manager, snapshots.theta(), shape)) {
            int[] steps = IntStream.rangeClosed(1, snapshots.size()).toArray();
            return new Trajectory(index, spec.isHeldOut(index), steps, validation.of(theta), snapshots);
        }
    }

    /** SHA-256 of the weights of all trajectories, four bytes each with the highest first; reads and checks all of them. */
    public String hash() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Supplier<WeightBatch> trajectory : trajectories) {
                float[] theta = trajectory.get().theta();
                ByteBuffer bytes = ByteBuffer.allocate(theta.length * Float.BYTES);
                bytes.asFloatBuffer().put(theta);
                digest.update(bytes);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
