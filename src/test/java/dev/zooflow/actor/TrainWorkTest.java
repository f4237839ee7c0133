package dev.zooflow.actor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.RunId;
import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.message.BlobStore;
import dev.zooflow.message.BrokenDisk;
import dev.zooflow.message.Event;
import dev.zooflow.message.Event.FlowCheckpoint;
import dev.zooflow.message.FileBlobStore;
import dev.zooflow.message.Task;
import dev.zooflow.message.TaskEvent.TaskContinued;
import dev.zooflow.message.UnwritableFileException;
import dev.zooflow.model.TrainingState;
import dev.zooflow.tensor.Seed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A training in several attempts is to the run what it would have been in one. */
class TrainWorkTest {

    private static final RunId RUN = new RunId("train-1");
    private static final String TEXT = """
            task { kind = two-moons, examples = 100 }
            network.hidden = [4]
            zoo { training-trajectories = 10, held-out-trajectories = 2, epochs = 2, burn-in-epochs = 1, snapshots = 1 }
            flow { backbone { width = 8, layers = 1 }
                   training { steps = 20, time = 0, batch-size = 8, checkpoint-every = 0, checkpoint-steps = 6
                              save-every = 1 ns } }
            flows = [{ name = geometric, coupling = optimal-transport }]
            """;
    private static final String EXPERIMENT = ExperimentFile.render(ExperimentFile.parse(TEXT));
    private static final Task.TrainFlow TASK = new Task.TrainFlow(RUN, EXPERIMENT, "geometric");

    @TempDir
    private Path dir;

    private final InMemoryEventLog log = new InMemoryEventLog(task -> {});
    private final InMemoryBlobStore blobs = new InMemoryBlobStore();

    @BeforeEach
    void zoo() {
        Architecture architecture = Architecture.relu(2, 4, 2);
        for (int i = 0; i < 12; i++) {
            WeightBatch network =
                    new WeightBatch(architecture, new Seed(5).child(i).gaussian(architecture.parameters()));
            log.publish(new Event.ZooTrajectory(RUN, i, i >= 10, new int[] {9}, new float[] {1}, network));
        }
    }

    /** The process dies. */
    private static final class Death extends Error {
        private static final long serialVersionUID = 1;
    }

    /** One attempt: cancelled after so many steps, or dead before it publishes some event. */
    private static final class Attempt implements WorkContext {
        private final int number;
        private final List<Event> events = new ArrayList<>();
        private int stepsLeft = Integer.MAX_VALUE;
        private Predicate<Event> deadly = event -> false;

        Attempt(int number) {
            this.number = number;
        }

        @Override
        public void publish(Event event) {
            if (deadly.test(event)) {
                throw new Death();
            }
            events.add(event);
        }

        @Override
        public int attempt() {
            return number;
        }

        @Override
        public boolean cancelled() {
            return stepsLeft-- <= 0;
        }

        <E extends Event> List<E> of(Class<E> type) {
            return events.stream().filter(type::isInstance).map(type::cast).toList();
        }
    }

    private TrainWork work(BlobStore store) {
        return new TrainWork(new TaskData(dir), new RunZoos(log), store);
    }

    private Attempt attempt(int number) throws IOException {
        Attempt attempt = new Attempt(number);
        work(blobs).perform(TASK, attempt);
        return attempt;
    }

    private Attempt undisturbed() throws IOException {
        Attempt attempt = new Attempt(1);
        work(new InMemoryBlobStore()).perform(TASK, attempt);
        assertThat(attempt.of(FlowCheckpoint.class))
                .extracting(FlowCheckpoint::id, FlowCheckpoint::step)
                .hasSize(4);
        return attempt;
    }

    // Everything but the seconds.
    private static List<String> facts(Stream<FlowCheckpoint> checkpoints) {
        return checkpoints
                .map(c -> "%s %d %d %s %s".formatted(c.id(), c.index(), c.step(), c.loss(), c.model()))
                .toList();
    }

    @Test
    void aTrainingThatWasHandedBackGoesOnWhereItStopped() throws IOException {
        Attempt stopped = new Attempt(1);
        stopped.stepsLeft = 8;
        assertThatThrownBy(() -> work(blobs).perform(TASK, stopped)).isInstanceOf(CancellationException.class);

        Attempt second = attempt(2);

        assertThat(second.of(TaskContinued.class))
                .singleElement()
                .satisfies(e -> assertThat(e.step()).isEqualTo(8))
                .satisfies(e -> assertThat(e.attempt()).isEqualTo(2));
        assertThat(facts(Stream.of(stopped, second).flatMap(a -> a.of(FlowCheckpoint.class).stream())))
                .isEqualTo(facts(undisturbed().of(FlowCheckpoint.class).stream()));
        assertThat(stopped.of(Event.MetricPoint.class)).allMatch(p -> p.attempt() == 1);
        assertThat(second.of(Event.MetricPoint.class)).isNotEmpty().allMatch(p -> p.attempt() == 2);
    }

    @Test
    void whatADeadWorkerHadPublishedIsPublishedAgainUnderTheSameId() throws IOException {
        Attempt dead = new Attempt(1);
        // The checkpoint of step 12 stands in the log, but the latest state is that of step 11.
        assertThatThrownBy(() -> work(blobs).perform(TASK, deadAfter(dead, 12))).isInstanceOf(Death.class);

        Attempt second = attempt(2);

        assertThat(second.of(TaskContinued.class))
                .extracting(TaskContinued::step)
                .containsExactly(11L);
        List<FlowCheckpoint> all = Stream.of(dead, second)
                .flatMap(a -> a.of(FlowCheckpoint.class).stream())
                .toList();
        assertThat(all).extracting(FlowCheckpoint::step).containsExactly(6L, 12L, 12L, 18L, 20L);
        List<Event> events = new ArrayList<>(dead.events);
        events.addAll(second.events);
        RunState state = RunState.empty(RUN);
        for (var recorded : SampleRun.recorded(events)) {
            state = state.with(recorded);
        }
        assertThat(facts(new TreeMap<>(state.checkpoints()).values().stream()))
                .isEqualTo(facts(undisturbed().of(FlowCheckpoint.class).stream()));
    }

    // Dead once the checkpoint of this step stands in the log.
    private static Attempt deadAfter(Attempt attempt, long step) {
        attempt.deadly = e -> {
            if (e instanceof FlowCheckpoint c && c.step() == step) {
                attempt.events.add(c);
                return true;
            }
            return false;
        };
        return attempt;
    }

    @Test
    void checkpointsAndTheLastStateAreLeftOfAFinishedTraining() throws IOException {
        Attempt attempt = attempt(1);
        assertThat(blobs.all()).hasSize(4 + 2);
        work(blobs).forget(TASK);
        assertThat(blobs.all())
                .hasSize(4 + 1)
                .containsAll(attempt.of(FlowCheckpoint.class).stream()
                        .map(FlowCheckpoint::model)
                        .toList());
        assertThat(new TrainingStates(blobs, TASK, ExperimentFile.parse(EXPERIMENT)).newest())
                .map(TrainingState::step)
                .contains(20L);
    }

    @Test
    void aTrainingThatDiedBeforeItsLastCheckpointOnlyTellsIt() throws IOException {
        Attempt dead = new Attempt(1);
        dead.deadly = e -> e instanceof FlowCheckpoint c && c.last();
        assertThatThrownBy(() -> work(blobs).perform(TASK, dead)).isInstanceOf(Death.class);
        Attempt second = attempt(2);
        assertThat(second.of(TaskContinued.class))
                .extracting(TaskContinued::step)
                .containsExactly(20L);
        assertThat(facts(second.of(FlowCheckpoint.class).stream()))
                .isEqualTo(facts(undisturbed().of(FlowCheckpoint.class).stream().skip(3)));
    }

    @Test
    void aTrainingThatDivergesIsGivenUpWithItsReasonAndTheNextIsDone() throws IOException {
        // Every step makes each weight about a hundred times as large.
        String wild = ExperimentFile.render(ExperimentFile.parse(
                TEXT + "flow.training { optimizer = adamw, learning-rate = 10, weight-decay = 10, warm-up = 0 }"));
        TrainWork worker = work(blobs);
        Attempt first = new Attempt(1);
        Throwable failure = catchThrowable(() -> worker.perform(new Task.TrainFlow(RUN, wild, "geometric"), first));

        assertThat(Verdict.of(null, failure, false))
                .isInstanceOfSatisfying(
                        Verdict.GiveUp.class,
                        verdict -> assertThat(verdict.reason())
                                .matches(
                                        "flow \\(geometric\\): loss \\((NaN|Infinity)\\) of step \\d+ is not finite.*learning-rate.*"));
        assertThat(first.of(FlowCheckpoint.class)).noneMatch(FlowCheckpoint::last);

        Attempt next = new Attempt(1);
        worker.perform(TASK, next);
        assertThat(facts(next.of(FlowCheckpoint.class).stream()))
                .isEqualTo(facts(undisturbed().of(FlowCheckpoint.class).stream()));
    }

    @Test
    void aFullDiskEndsTheAttemptAndTheNextGoesOnFromTheStateBefore() throws IOException {
        BlobStore full = new BrokenDisk(BrokenDisk.Fault.FULL, 100).store(dir);
        Attempt first = new Attempt(1);
        assertThatThrownBy(() -> work(full).perform(TASK, first))
                .isInstanceOf(UncheckedIOException.class)
                .cause()
                .isInstanceOf(UnwritableFileException.class)
                .hasMessageContainingAll(dir.toString(), "No space left on device");
        Attempt second = new Attempt(2);
        work(new FileBlobStore(dir)).perform(TASK, second);
        assertThat(second.of(TaskContinued.class))
                .singleElement()
                .satisfies(e -> assertThat(e.step()).isBetween(1L, 19L));
        FlowCheckpoint last = second.of(FlowCheckpoint.class)
                .get(second.of(FlowCheckpoint.class).size() - 1);
        assertThat(facts(Stream.of(last)))
                .isEqualTo(facts(undisturbed().of(FlowCheckpoint.class).stream().skip(3)));
    }
}
