package dev.zooflow.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.zooflow.actor.RunZoos;
import dev.zooflow.actor.TaskData;
import dev.zooflow.actor.TrainWork;
import dev.zooflow.actor.WorkContext;
import dev.zooflow.experiment.RunId;
import dev.zooflow.fault.Fleet;
import dev.zooflow.fault.Member;
import dev.zooflow.fault.SmallDisk;
import dev.zooflow.message.BlobName;
import dev.zooflow.message.BlobRef;
import dev.zooflow.message.BlobStore;
import dev.zooflow.message.Event;
import dev.zooflow.message.FileBlobStore;
import dev.zooflow.message.RunEvent;
import dev.zooflow.message.Task;
import dev.zooflow.message.TaskEvent;
import dev.zooflow.message.Topic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A trainer that dies in the middle of a training, and another that goes on: real processes, one broker. */
@Tag("short-faults")
class TrainerDeathIT {

    private static final double SAVE_SECONDS = 0.2;
    /** How long anything may take on a machine that has other things to do. */
    private static final int MINUTES = 10;
    /** A state is saved between two steps, and a step takes long on a busy machine. */
    private static final double STEP_SECONDS = 1;

    private static final String EXPERIMENT = """
            name = death
            task { kind = blobs, examples = 200, features = 4 }
            network { hidden = [6] }
            zoo { training-trajectories = 8, held-out-trajectories = 4, epochs = 4, burn-in-epochs = 2, snapshots = 1 }
            flows = [{ name = slow, backbone { width = 16, layers = 2 }
                       training { steps = 250, time = 0, batch-size = 16, checkpoint-every = 0, checkpoint-steps = 80
                                  save-every = 200 ms } }]
            sampling { networks = 8, checkpoint-networks = 2, steps = 4 }
            evaluation { networks = 8, barrier-networks = 2, export = 0 }
            """;

    @TempDir
    private Path dir;

    private Fleet fleet;
    private Path experiment;

    @BeforeEach
    void broker() throws IOException {
        experiment = Files.writeString(dir.resolve("e.conf"), EXPERIMENT);
        fleet = Fleet.start(dir, "zooflow { kafka.lock-duration = 5 s, worker.threads = 1 }");
    }

    @AfterEach
    void end() {
        fleet.close();
    }

    private Member trainer(Path blobs) {
        return fleet.process(
                "worker", "--roles", "trainer", "--bootstrap-servers", fleet.servers(), "--blob-dir", blobs.toString());
    }

    private CompletableFuture<CommandResult> run(String name, Path blobs) {
        return CompletableFuture.supplyAsync(() -> CommandResult.of(
                "run",
                experiment.toString(),
                "--name",
                name,
                "--roles",
                "zoo-producer,sampler,evaluator",
                "--bootstrap-servers",
                fleet.servers(),
                "--blob-dir",
                blobs.toString(),
                "--runs-dir",
                dir.toString(),
                "--config",
                fleet.settings().toString()));
    }

    private void awaitState(Member trainer, Path blobs, String run) {
        BlobStore store = new FileBlobStore(blobs);
        BlobName name = new BlobName("states/%s/train/slow".formatted(run));
        Fleet.await("a state", Duration.ofMinutes(MINUTES), () -> {
            assertThat(trainer.alive()).as(fleet.output()).isTrue();
            try {
                return store.pointer(name).filter(p -> !p.blobs().isEmpty()).isPresent();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private Wires wires() {
        return Wires.connect(fleet.kafka(), new FileBlobStore(fleet.blobs()));
    }

    private <E extends Event> List<E> events(String run, Topic topic, Class<E> type) {
        List<E> events = new ArrayList<>();
        try (Wires wires = wires()) {
            wires.log().replay(new RunId(run), topic, recorded -> {
                if (type.isInstance(recorded.event())) {
                    events.add(type.cast(recorded.event()));
                }
            });
        }
        return events;
    }

    /** The checkpoints of one attempt at the same training of the same zoo. */
    private List<Event.FlowCheckpoint> undisturbed(String run) throws IOException {
        String text =
                events(run, Topic.RUNS, RunEvent.RunSubmitted.class).get(0).experiment();
        List<Event.FlowCheckpoint> checkpoints = new ArrayList<>();
        WorkContext context = new WorkContext() {
            @Override
            public void publish(Event event) {
                if (event instanceof Event.FlowCheckpoint checkpoint) {
                    checkpoints.add(checkpoint);
                }
            }

            @Override
            public int attempt() {
                return 1;
            }

            @Override
            public boolean cancelled() {
                return false;
            }
        };
        try (Wires wires = wires()) {
            BlobStore blobs = new FileBlobStore(dir.resolve("other-blobs"));
            new TrainWork(new TaskData(dir), new RunZoos(wires.log()), blobs)
                    .perform(new Task.TrainFlow(new RunId(run), text, "slow"), context);
        }
        return checkpoints;
    }

    private static BlobRef finalFlow(List<Event.FlowCheckpoint> checkpoints) {
        return checkpoints.stream()
                .filter(Event.FlowCheckpoint::last)
                .map(Event.FlowCheckpoint::model)
                .reduce((a, b) -> {
                    throw new AssertionError("two final checkpoints");
                })
                .orElseThrow();
    }

    private CommandResult end(CompletableFuture<CommandResult> run) throws Exception {
        assertThat(run).as(fleet.output()).succeedsWithin(Duration.ofMinutes(MINUTES));
        assertThat(run.get().code()).as(run.get().err() + run.get().out()).isZero();
        return run.get();
    }

    @Test
    void aKilledTrainerIsContinuedAndNobodySeesADifference() throws Exception {
        Path blobs = fleet.blobs();
        CompletableFuture<CommandResult> disturbed = run("disturbed", blobs);
        Member first = trainer(blobs);
        awaitState(first, blobs, "disturbed");
        first.kill();
        trainer(blobs);
        CommandResult result = end(disturbed);

        assertThat(result.out()).contains("flow slow: continued at step");
        assertThat(finalFlow(events("disturbed", Topic.FLOWS, Event.FlowCheckpoint.class)))
                .isEqualTo(finalFlow(undisturbed("disturbed")));
        assertThat(events("disturbed", Topic.RUNS, TaskEvent.TaskCompleted.class))
                .filteredOn(e -> e.task().equals("train/slow"))
                .singleElement()
                .satisfies(e -> assertThat(e.attempt()).isEqualTo(2));
        repeatsOneIntervalAtMost();
        everyStepStandsOnceInTheReport();
    }

    private void repeatsOneIntervalAtMost() {
        TaskEvent.TaskContinued continued =
                events("disturbed", Topic.RUNS, TaskEvent.TaskContinued.class).get(0);
        double reached = events("disturbed", Topic.METRICS, Event.MetricPoint.class).stream()
                .filter(p -> p.stage().equals("flow/slow") && p.attempt() == 1)
                .mapToDouble(Event.MetricPoint::seconds)
                .max()
                .orElse(0);
        assertThat(continued.step()).isPositive();
        assertThat(reached - continued.seconds()).isLessThan(SAVE_SECONDS + STEP_SECONDS);
    }

    private void everyStepStandsOnceInTheReport() throws IOException {
        List<Long> steps = Files.readAllLines(dir.resolve("disturbed/metrics.csv")).stream()
                .map(line -> line.split(",", -1))
                .filter(cells -> cells[0].equals("flow/slow") && cells[3].equals("loss"))
                .map(cells -> Long.valueOf(cells[1]))
                .toList();
        assertThat(steps).isNotEmpty().isSorted().doesNotHaveDuplicates().endsWith(250L);
        assertThat(new ObjectMapper()
                        .readTree(dir.resolve("disturbed/run.json").toFile())
                        .get("status")
                        .asText())
                .isEqualTo("completed");
    }

    @Test
    void aFullBlobDirectoryEndsTheWorkerAndTheNextGoesOn() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(dir.resolve("small"), 4)) {
            Path blobs = disk.directory();
            CompletableFuture<CommandResult> run = run("full", blobs);
            Member first = trainer(blobs);
            awaitState(first, blobs, "full");
            disk.fill();
            assertThat(first.awaitEnd(Duration.ofMinutes(MINUTES))).isEqualTo(ExitCode.INFRASTRUCTURE);
            assertThat(first.output()).contains("error: file (" + blobs, "No space left on device");

            disk.empty();
            trainer(blobs);
            assertThat(end(run).out()).contains("flow slow: continued at step");
            assertThat(new FileBlobStore(blobs)
                            .pointer(new BlobName("states/full/train/slow"))
                            .orElseThrow()
                            .blobs())
                    .as("the last state, for an extension")
                    .hasSize(1);
            end();
        }
    }
}
