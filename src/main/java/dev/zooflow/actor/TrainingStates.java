package dev.zooflow.actor;

import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.TrainingIdentity;
import dev.zooflow.message.BlobName;
import dev.zooflow.message.BlobPointer;
import dev.zooflow.message.BlobRef;
import dev.zooflow.message.BlobStore;
import dev.zooflow.message.LostBlobException;
import dev.zooflow.message.Task;
import dev.zooflow.model.TrainingState;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The states of one training task as one attempt sees them: the latest and the one before, under a name that all attempts
 * share. An attempt that begins raises the name's generation; an earlier one that still runs, because it lost its lock
 * without knowing, finds that out when it saves and ends. For one thread.
 */
final class TrainingStates {

    private static final Logger LOG = LoggerFactory.getLogger(TrainingStates.class);

    private final BlobStore blobs;
    private final BlobName name;
    private final TrainingStateCodec codec;
    private long generation = 1;
    private List<BlobRef> listed = List.of();
    private Optional<BlobRef> latest = Optional.empty();

    /** The states of a task in this store. */
    TrainingStates(BlobStore blobs, Task.TrainFlow task, ExperimentSpec spec) {
        this.blobs = blobs;
        this.name = name(task);
        this.codec = new TrainingStateCodec(
                name.value(),
                TrainingIdentity.of(spec, FlowOfTask.of(spec, task.flow())).sha256());
    }

    /** Under which the states of a task are found. */
    static BlobName name(Task.TrainFlow task) {
        return new StateName(task.run(), task.id()).name();
    }

    /**
     * Begins an attempt: the newest state that is sound and belongs to this training.
     *
     * @throws IOException when the store can't be read or written; what was kept before still is
     */
    Optional<TrainingState> claim() throws IOException {
        try {
            Optional<BlobPointer> found = blobs.pointer(name);
            generation = found.map(p -> p.generation() + 1).orElse(1L);
            listed = found.map(BlobPointer::blobs).orElse(List.of());
        } catch (LostBlobException e) {
            LOG.warn("states of {} are lost, it begins anew: {}", name, e.getMessage());
            generation = aboveAll();
            listed = List.of();
        }
        blobs.point(name, new BlobPointer(generation, listed));
        return newest(listed);
    }

    /** Above every generation that was counted, and above the one that took the place of an earlier damaged name. */
    private static long aboveAll() {
        return Duration.between(Instant.EPOCH, Instant.now()).toMinutes();
    }

    /**
     * The newest state that is sound and belongs to this training, without beginning an attempt.
     *
     * @throws IOException when the store can't be read, so that nobody knows
     */
    Optional<TrainingState> newest() throws IOException {
        try {
            return newest(blobs.pointer(name).map(BlobPointer::blobs).orElse(List.of()));
        } catch (LostBlobException e) {
            LOG.warn("states of {} are lost: {}", name, e.getMessage());
            return Optional.empty();
        }
    }

    private Optional<TrainingState> newest(List<BlobRef> refs) throws IOException {
        for (BlobRef ref : refs) {
            Optional<TrainingState> state = read(ref);
            if (state.isPresent()) {
                latest = Optional.of(ref);
                return state;
            }
        }
        return Optional.empty();
    }

    /** Which attempt this is of all that ever claimed the states of the task, from 1. */
    int attempt() {
        return Math.toIntExact(generation);
    }

    private Optional<TrainingState> read(BlobRef ref) throws IOException {
        try {
            return Optional.of(codec.decode(blobs.get(ref)));
        } catch (LostBlobException | IllegalArgumentException e) {
            LOG.warn("state {} of {} is passed over: {}", ref.sha256(), name, e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * Keeps a state and the one before it.
     *
     * @throws IOException when the store can't be written; what was kept before still is
     * @throws CancellationException when another attempt has begun
     */
    void save(TrainingState state) throws IOException {
        if (blobs.pointer(name).filter(p -> p.generation() > generation).isPresent()) {
            throw new CancellationException("another attempt at %s goes on".formatted(name));
        }
        BlobRef ref = blobs.put(codec.encode(state));
        List<BlobRef> kept = new ArrayList<>(List.of(ref));
        latest.filter(before -> !before.equals(ref)).ifPresent(kept::add);
        blobs.point(name, new BlobPointer(generation, kept));
        for (BlobRef old : listed) {
            if (!kept.contains(old)) {
                blobs.delete(old);
            }
        }
        listed = kept;
        latest = Optional.of(ref);
    }

    /** Deletes all states but the last of a task that nobody will go on with, unless its run is extended. */
    static void retire(BlobStore blobs, Task.TrainFlow task) throws IOException {
        Optional<BlobPointer> pointer = blobs.pointer(name(task));
        if (pointer.isPresent() && pointer.get().blobs().size() > 1) {
            List<BlobRef> all = pointer.get().blobs();
            blobs.point(name(task), new BlobPointer(pointer.get().generation(), all.subList(0, 1)));
            for (BlobRef old : all.subList(1, all.size())) {
                blobs.delete(old);
            }
        }
    }
}
