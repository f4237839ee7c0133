package dev.zooflow.actor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.message.BlobPointer;
import dev.zooflow.message.BlobRef;
import dev.zooflow.message.BlobStore;
import dev.zooflow.message.BrokenDisk;
import dev.zooflow.message.FileBlobStore;
import dev.zooflow.message.StoreUnavailableException;
import dev.zooflow.message.Task;
import dev.zooflow.message.UnwritableFileException;
import dev.zooflow.model.TrainingState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("short-faults")
class TrainingStatesTest {

    private static final ExperimentSpec SPEC = ExperimentFile.parse(SampleRun.EXPERIMENT);
    private static final Task.TrainFlow TASK = new Task.TrainFlow(SampleRun.RUN, SampleRun.EXPERIMENT, "a");

    @TempDir
    private Path root;

    private final InMemoryBlobStore memory = new InMemoryBlobStore();

    private static TrainingStates attempt(BlobStore blobs) {
        return new TrainingStates(blobs, TASK, SPEC);
    }

    private static TrainingState state(long step) {
        float[] values = {step, -0.0f, Float.MIN_VALUE, 0.1f};
        return new TrainingState(step, step / 3.0, 2, 0.1, Math.PI, 7, Map.of("parameters", values, "average", values));
    }

    private static Optional<Long> newest(BlobStore blobs) throws IOException {
        return attempt(blobs).claim().map(TrainingState::step);
    }

    @Test
    void aStateComesBackBitByBit() throws IOException {
        assertThat(attempt(memory).claim()).isEmpty();
        attempt(memory).save(state(5));
        TrainingState back = attempt(memory).claim().orElseThrow();
        assertThat(back).usingRecursiveComparison().isEqualTo(state(5));
    }

    @Test
    void theLatestAndTheOneBeforeAreKept() throws IOException {
        TrainingStates states = attempt(memory);
        states.claim();
        for (long step = 1; step <= 4; step++) {
            states.save(state(step));
        }
        assertThat(memory.all()).hasSize(2);
        assertThat(newest(memory)).contains(4L);
        memory.delete(pointer().blobs().get(0));
        assertThat(newest(memory)).contains(3L);
    }

    private BlobPointer pointer() throws IOException {
        return memory.pointer(TrainingStates.name(TASK)).orElseThrow();
    }

    @Test
    void theNextAttemptKeepsTheStateItBeganWith() throws IOException {
        TrainingStates first = attempt(memory);
        first.claim();
        first.save(state(1));
        first.save(state(2));
        TrainingStates second = attempt(memory);
        assertThat(second.claim()).map(TrainingState::step).contains(2L);
        assertThat(second.attempt()).isEqualTo(2);
        second.save(state(3));
        assertThat(memory.all()).hasSize(2);
        memory.delete(pointer().blobs().get(0));
        assertThat(newest(memory)).contains(2L);
    }

    @Test
    void aDamagedLatestIsPassedOverAndNotKept() throws IOException {
        BlobStore files = new FileBlobStore(root);
        TrainingStates first = attempt(files);
        first.claim();
        first.save(state(1));
        first.save(state(2));
        BlobRef latest =
                files.pointer(TrainingStates.name(TASK)).orElseThrow().blobs().get(0);
        Path file = root.resolve(latest.sha256().substring(0, 2))
                .resolve(latest.sha256().substring(2));
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
        TrainingStates second = attempt(files);
        assertThat(second.claim()).map(TrainingState::step).contains(1L);
        second.save(state(3));
        assertThat(file).doesNotExist();
        assertThat(newest(files)).contains(3L);
    }

    @Test
    void aDamagedNameBeginsAnew() throws IOException {
        BlobStore files = new FileBlobStore(root);
        attempt(files).save(state(1));
        Path name = root.resolve("names").resolve(TrainingStates.name(TASK).value());
        Files.writeString(name, Files.readString(name).stripTrailing());
        assertThat(attempt(files).newest()).isEmpty();
        TrainingStates next = attempt(files);
        assertThat(next.claim()).isEmpty();
        next.save(state(2));
        assertThat(newest(files)).contains(2L);
    }

    @Test
    void aDamagedNameLetsNoEarlierAttemptGoOn() throws IOException {
        BlobStore files = new FileBlobStore(root);
        newest(files);
        TrainingStates asleep = attempt(files);
        asleep.claim();
        Path name = root.resolve("names").resolve(TrainingStates.name(TASK).value());
        Files.writeString(name, "x");
        TrainingStates next = attempt(files);
        next.claim();
        assertThatThrownBy(() -> asleep.save(state(1))).isInstanceOf(CancellationException.class);
        next.save(state(2));
        assertThat(attempt(files).newest()).map(TrainingState::step).contains(2L);
    }

    @Test
    void anOutageOfTheStoreLosesNoState() throws IOException {
        TrainingStates first = attempt(memory);
        first.claim();
        first.save(state(1));
        first.save(state(2));
        BlobPointer before = pointer();
        memory.away(true);
        assertThatThrownBy(() -> attempt(memory).claim()).isInstanceOf(StoreUnavailableException.class);
        assertThatThrownBy(() -> attempt(memory).newest()).isInstanceOf(StoreUnavailableException.class);
        memory.away(false);
        assertThat(pointer()).isEqualTo(before);

        memory.withoutBlobs(true);
        assertThatThrownBy(() -> attempt(memory).claim()).isInstanceOf(StoreUnavailableException.class);
        assertThatThrownBy(() -> attempt(memory).newest()).isInstanceOf(StoreUnavailableException.class);
        memory.withoutBlobs(false);
        assertThat(pointer().blobs()).isEqualTo(before.blobs());
        assertThat(pointer().generation()).isGreaterThanOrEqualTo(before.generation());
        assertThat(newest(memory)).contains(2L);
    }

    @Test
    void statesOfAnotherExperimentAreRefused() throws IOException {
        attempt(memory).save(state(1));
        ExperimentSpec otherZoo = ExperimentFile.parse(SampleRun.EXPERIMENT, List.of("zoo.epochs=19"));
        assertThat(new TrainingStates(memory, TASK, otherZoo).claim()).isEmpty();
        ExperimentSpec otherFlow = ExperimentFile.parse(SampleRun.EXPERIMENT, List.of("flows.a.sigma=0.1"));
        assertThat(new TrainingStates(memory, TASK, otherFlow).claim()).isEmpty();
        ExperimentSpec otherSampling = ExperimentFile.parse(SampleRun.EXPERIMENT, List.of("sampling.steps=3"));
        assertThat(new TrainingStates(memory, TASK, otherSampling).claim()).isPresent();
    }

    @Test
    void anAttemptThatWasReplacedEndsWhenItSaves() throws IOException {
        TrainingStates asleep = attempt(memory);
        asleep.claim();
        asleep.save(state(1));
        TrainingStates next = attempt(memory);
        next.claim();
        assertThatThrownBy(() -> asleep.save(state(2)))
                .isInstanceOf(CancellationException.class)
                .hasMessageContaining("another attempt");
        next.save(state(2));
        assertThat(newest(memory)).contains(2L);
    }

    @Test
    void theLastStateIsLeftOfAFinishedTask() throws IOException {
        TrainingStates.retire(memory, TASK);
        TrainingStates states = attempt(memory);
        states.claim();
        states.save(state(1));
        states.save(state(2));
        TrainingStates.retire(memory, TASK);
        TrainingStates.retire(memory, TASK);
        assertThat(memory.all()).hasSize(1);
        assertThat(attempt(memory).newest()).map(TrainingState::step).contains(2L);
        assertThat(pointer().generation()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(BrokenDisk.Fault.class)
    void theOldOrTheNewStateLoadsWhereverTheDiskBreaks(BrokenDisk.Fault fault) throws IOException {
        int breaks = 0;
        boolean broken = true;
        for (int at = 1; broken; at++) {
            Path directory = root.resolve(fault + "-" + at);
            BlobStore sound = new FileBlobStore(directory);
            TrainingStates before = attempt(sound);
            before.claim();
            before.save(state(1));
            before.save(state(2));

            BrokenDisk disk = new BrokenDisk(fault, at);
            TrainingStates victim = attempt(disk.store(directory));
            boolean saved = saves(victim, directory);
            broken = disk.isBroken();
            breaks += broken ? 1 : 0;

            assertThat(newest(sound)).as("broken at step %d", at).isIn(saved ? List.of(Optional.of(3L)) : oldOrNew());
            TrainingStates after = attempt(sound);
            after.claim();
            after.save(state(4));
            assertThat(newest(sound)).contains(4L);
            assertThat(filesNamed(directory, "names")).isEqualTo(1);
        }
        // Two files and a name are written, in four steps each; old states are deleted, and temporary files.
        assertThat(breaks).isGreaterThanOrEqualTo(12);
    }

    private static List<Optional<Long>> oldOrNew() {
        return List.of(Optional.of(2L), Optional.of(3L));
    }

    /** Whether a resumed training could save its state; a full disk must be told with the path. */
    private static boolean saves(TrainingStates victim, Path directory) throws IOException {
        try {
            assertThat(victim.claim()).map(TrainingState::step).contains(2L);
            victim.save(state(3));
            return true;
        } catch (BrokenDisk.Killed e) {
            return false;
        } catch (UnwritableFileException e) {
            assertThat(e).hasMessageContainingAll(directory.toString(), "No space left on device", "Maybe");
            return false;
        }
    }

    private static long filesNamed(Path directory, String part) throws IOException {
        try (Stream<Path> all = Files.walk(directory.resolve(part))) {
            return all.filter(file -> Files.isRegularFile(file)
                            && !file.getFileName().toString().endsWith(".tmp"))
                    .count();
        }
    }
}
