package dev.zooflow.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zooflow.experiment.RunId;
import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.WeightBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** One message of every type, for tests. The stored examples of version 1 hold exactly these. */
public final class MessageSamples {

    /** The run they belong to. */
    public static final RunId RUN = new RunId("quickstart-20260101-120000");

    private static final String EXPERIMENT = "name = quickstart\nseed = 1";
    private static final BlobRef MODEL = new BlobRef("0123456789abcdef".repeat(4), 1_234_567);

    private MessageSamples() {}

    /** All of them. */
    public static List<Message> all() {
        return List.of(
                new RunEvent.RunSubmitted(RUN, EXPERIMENT, Map.of("host", "localhost", "git_commit", "a45e8d2")),
                new TaskEvent.TaskQueued(RUN, "zoo/0-40", Role.ZOO_PRODUCER, 2),
                new TaskEvent.TaskStarted(RUN, "train/geometric", Role.TRAINER, 1, "worker-1"),
                new TaskEvent.TaskContinued(RUN, "train/geometric", Role.TRAINER, 2, 1200, 30.5),
                new TaskEvent.TaskCompleted(RUN, "train/geometric", Role.TRAINER, 2, "worker-1", 61.25),
                new TaskEvent.TaskFailed(RUN, "zoo/0-40", Role.ZOO_PRODUCER, 1, "worker-2", "loss is \"NaN\"", false),
                new RunEvent.RunCompleted(RUN, 2, List.of("zoo/0-40"), 120.5),
                new RunEvent.RunOffered(RUN),
                new RunEvent.RunExtended(RUN, new RunId("longer-1"), new RunId("first-1")),
                new RunEvent.CoordinatorStarted(RUN, 3, "host/12/abc"),
                new RunEvent.RunPaused(RUN, 1),
                new RunEvent.RunContinued(RUN, 1),
                new RunEvent.RunResumed(RUN, 2),
                new RunEvent.TrialProposed(RUN, 11, List.of(0.25, 0.75), "{name=trial-011}"),
                new RunEvent.RunNotified(RUN, "zoo/0-40/failed/3"),
                new TaskEvent.TaskSetAside(RUN, "train/geometric", Role.TRAINER, 2, "worker-1"),
                new TaskEvent.TaskRetried(RUN, "zoo/0-40", 3),
                new TaskEvent.TaskStuck(RUN, "train/geometric", Role.TRAINER, 2, "worker-1", 301.5),
                new TaskEvent.TaskStopped(
                        RUN, "train/geometric", Role.TRAINER, 1200, 30.5, "validation_accuracy_mean 0.5 is below 0.75"),
                new WorkerHeartbeat(
                        WorkerHeartbeat.FLEET,
                        "worker-1",
                        Role.TRAINER,
                        "cpu",
                        RUN + "/train/geometric",
                        120,
                        2.5,
                        812,
                        5),
                metric(0.25),
                checkpoint(),
                trajectory(7, 2),
                new Event.GeneratedNetworks(RUN, "geometric", "steps-4", 3, 1200, 30.5, true, 0, networks(2)),
                new Event.Score(
                        RUN,
                        "generated/geometric",
                        3,
                        1200,
                        30.5,
                        true,
                        2,
                        Map.of("accuracy_mean", 0.9375, "nn_ratio_mean", 1.0e-3),
                        Map.of("accuracy", new double[] {0.925, 0.95})),
                new Event.LossBarriers(RUN, "aligned", 0.5, 0.125, new double[][] {{0, 0.5}, {0.5, 0}}),
                new Event.RunIngredients(RUN, Map.of("libtorch", "2.7.1", "data.table.csv", "0".repeat(64))),
                new Event.FlowLikelihood(
                        RUN,
                        "geometric",
                        Map.of("bpd_train", -1.5, "bpd_held_out", -1.25, "bpd_gap", 0.25),
                        Map.of("bpd_train", new double[] {-1.75, -1.25})),
                new Task.ProduceZoo(RUN, EXPERIMENT, 0, 40),
                new Task.TrainFlow(RUN, EXPERIMENT, "geometric"),
                new Task.SampleFlow(RUN, EXPERIMENT, checkpoint(), "steps-4", 128),
                new Task.EvaluateGenerated(
                        RUN,
                        EXPERIMENT,
                        "geometric",
                        "steps-4",
                        3,
                        1200,
                        30.5,
                        true,
                        new EventRef(Topic.WEIGHTS_GENERATED, 2, 17)),
                new Task.EvaluateBaselines(RUN, EXPERIMENT),
                new Task.EvaluateLikelihood(RUN, EXPERIMENT, checkpoint()),
                new Task.TransferFlow(RUN, EXPERIMENT, checkpoint()),
                new Task.TransferBaselines(RUN, EXPERIMENT));
    }

    /** A message as it travels when all of it is inline, at a fixed time. */
    public static Envelope encode(Message message) throws IOException {
        BlobStore none = new FileBlobStore(Path.of("no-blobs"));
        InstantSource clock = InstantSource.fixed(Instant.parse("2026-01-01T12:00:00Z"));
        return new Codec(none, Long.MAX_VALUE, Long.MAX_VALUE, "/zooflow/localhost/1", clock).encode(message);
    }

    /** A point of a curve. */
    public static Event.MetricPoint metric(double loss) {
        return new Event.MetricPoint(RUN, "flow/geometric", 2, 100, 2.5, 0.5, Map.of("loss", loss));
    }

    /** A checkpoint. */
    public static Event.FlowCheckpoint checkpoint() {
        return new Event.FlowCheckpoint(RUN, "geometric", 3, 1200, 30.5, true, 0.75, MODEL);
    }

    /** A trajectory with so many snapshots. */
    public static Event.ZooTrajectory trajectory(int index, int snapshots) {
        int[] steps = new int[snapshots];
        float[] accuracy = new float[snapshots];
        for (int i = 0; i < snapshots; i++) {
            steps[i] = 100 * (i + 1);
            accuracy[i] = 1 - 1f / (i + 2);
        }
        return new Event.ZooTrajectory(RUN, index, true, steps, accuracy, networks(snapshots));
    }

    /** So many networks 2-3-2. */
    public static WeightBatch networks(int n) {
        Architecture architecture = Architecture.relu(2, 3, 2);
        float[] theta = new float[n * architecture.parameters()];
        for (int i = 0; i < theta.length; i++) {
            theta[i] = i / 8f - 1;
        }
        return new WeightBatch(architecture, theta);
    }

    /** Fails unless both are equal in type and in every bit, arrays included. */
    public static void assertEqual(Message actual, Message expected) {
        assertThat(actual)
                .usingRecursiveComparison()
                .withStrictTypeChecking()
                .withComparatorForType(Double::compare, Double.class)
                .withComparatorForType(Float::compare, Float.class)
                .isEqualTo(expected);
    }
}
