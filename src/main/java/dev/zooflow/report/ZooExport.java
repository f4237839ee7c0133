package dev.zooflow.report;

import dev.zooflow.exchange.NetworkFiles;
import dev.zooflow.message.Event.ZooTrajectory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Writes the zoo of a run as files of networks that an experiment with {@code zoo.kind = imported} reads: one for each
 * trajectory, with its snapshots, in the folders {@code training} and {@code held-out}. Owned by one thread.
 */
public final class ZooExport {

    private final Path directory;
    private final String ending;
    private final Set<Integer> written = new HashSet<>();

    /**
     * An export that has written nothing.
     *
     * @param directory that receives the folders; created if missing
     * @param ending of the files, one of {@link NetworkFiles#WRITTEN}
     */
    public ZooExport(Path directory, String ending) {
        this.directory = directory;
        this.ending = ending;
    }

    /**
     * Writes a trajectory; one that has been written already changes nothing.
     *
     * @throws dev.zooflow.experiment.UserError when it can't be written
     */
    public void accept(ZooTrajectory t) {
        if (written.add(t.trajectory())) {
            Map<String, String> metadata = new TreeMap<>();
            metadata.put("run", t.run().value());
            metadata.put("trajectory", Integer.toString(t.trajectory()));
            metadata.put("steps", Arrays.toString(t.steps()));
            metadata.put("validation_accuracy", Arrays.toString(t.validationAccuracy()));
            metadata.put("activation", t.snapshots().architecture().activation().name());
            Path folder = directory.resolve(t.heldOut() ? "held-out" : "training");
            NetworkFiles.write(
                    t.snapshots(), metadata, folder.resolve("trajectory-%06d.%s".formatted(t.trajectory(), ending)));
        }
    }

    /** Trajectories written so far. */
    public int count() {
        return written.size();
    }
}
