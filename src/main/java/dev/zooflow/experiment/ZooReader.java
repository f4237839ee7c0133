package dev.zooflow.experiment;

import dev.zooflow.graph.Activation;
import dev.zooflow.graph.Architecture;
import java.util.List;

/** Reads and checks {@code network} and {@code zoo}. */
final class ZooReader {

    /** A base network may have no more hidden layers than this; nobody trains deeper plain perceptrons. */
    private static final int MAX_HIDDEN_LAYERS = 64;

    private ZooReader() {}

    static NetworkSpec network(Settings s) {
        List<Integer> hidden = s.integers("hidden", 1, Architecture.MAX_WIDTH, MAX_HIDDEN_LAYERS);
        return new NetworkSpec(hidden, s.choice("activation", Activation.class));
    }

    static ZooSpec zoo(Settings s) {
        ZooSpec zoo = new ZooSpec(
                s.choice("kind", ZooSpec.Kind.class),
                s.text("path"),
                s.integer("training-trajectories", 2, 1_000_000),
                s.integer("held-out-trajectories", 2, 1_000_000),
                s.integer("epochs", 1, 1_000_000),
                s.integer("batch-size", 1, 1_000_000),
                s.choice("optimizer", ZooSpec.Optimizer.class),
                s.positive("learning-rate", 100),
                s.belowOne("momentum"),
                s.real("weight-decay", 0, 10),
                s.positive("initial-std", 100),
                s.integer("burn-in-epochs", 0, 1_000_000),
                s.integer("snapshots", 1, 100_000),
                s.integer("trajectories-per-task", 1, 100_000),
                s.real("gaussian-mean", -1000, 1000),
                s.positive("gaussian-std", 1000));
        checkEpochs(s, zoo);
        if (zoo.kind() == ZooSpec.Kind.IMPORTED && zoo.path().isBlank()) {
            throw s.error("kind", "needs zoo.path, which is empty", "Maybe zoo.path = my-networks?");
        }
        return zoo;
    }

    private static void checkEpochs(Settings s, ZooSpec zoo) {
        if (zoo.burnInEpochs() >= zoo.epochs()) {
            boolean wroteBurnIn = s.written("burn-in-epochs", "epochs").equals("burn-in-epochs");
            throw wroteBurnIn
                    ? s.error(
                            "burn-in-epochs",
                            "leaves none of %d epochs for snapshots".formatted(zoo.epochs()),
                            "Maybe %d?".formatted(zoo.epochs() / 2))
                    : s.error(
                            "epochs",
                            "is not above zoo.burn-in-epochs, %d".formatted(zoo.burnInEpochs()),
                            "Maybe also zoo.burn-in-epochs = %d?".formatted(zoo.epochs() / 2));
        }
    }
}
