package dev.zooflow.actor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zooflow.data.Datasets;
import dev.zooflow.data.Split;
import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.RunId;
import dev.zooflow.experiment.TaskSpec;
import dev.zooflow.experiment.UserError;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.message.BlobRef;
import dev.zooflow.message.Event;
import dev.zooflow.message.Event.GeneratedNetworks;
import dev.zooflow.message.Event.MetricPoint;
import dev.zooflow.message.Event.Score;
import dev.zooflow.message.Task;
import dev.zooflow.model.FlowTrainer;
import dev.zooflow.tensor.Seed;
import dev.zooflow.zoo.InitialWeights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A flow over untrained networks of two inputs, and tables to guide it to. */
final class TransferTest {

    private static final RunId RUN = new RunId("transfer-1");
    private static final String ZOO = """
            task { kind = csv, file = source.csv, test-fraction = 0.2, standardise = false }
            network.hidden = [6]
            zoo { training-trajectories = 4, held-out-trajectories = 2, epochs = 2, burn-in-epochs = 1, batch-size = 16
                  learning-rate = 0.02, initial-std = 0.5 }
            flow { backbone { width = 8, layers = 1 } }
            sampling { steps = 6, guidance.strength = 0.5, refine.steps = 2 }
            """;
    private static final String TRANSFER = """
            transfer {
              task { kind = csv, file = target.csv, test-fraction = 0.2, standardise = false }
              networks = 8, epochs = 3, initialisation { epochs = 4, runs = 3, learning-rate = 0.02 }
            }
            """;

    @TempDir
    private Path dir;

    private final InMemoryBlobStore blobs = new InMemoryBlobStore();

    @BeforeEach
    void tables() throws IOException {
        // Classes beside each other, and above each other.
        write("source.csv", (x, y) -> x > 0);
        write("target.csv", (x, y) -> y > 0);
    }

    private interface Rule {
        boolean holds(double x, double y);
    }

    private void write(String file, Rule rule) throws IOException {
        float[] xs = new Seed(1).gaussian(400);
        List<String> lines = new ArrayList<>(List.of("x,y,class"));
        for (int i = 0; i < 200; i++) {
            lines.add("%s,%s,%s".formatted(xs[2 * i], xs[2 * i + 1], rule.holds(xs[2 * i], xs[2 * i + 1]) ? "b" : "a"));
        }
        Files.write(dir.resolve(file), lines);
    }

    private static String text(String keys) {
        return ExperimentFile.render(ExperimentFile.parse(keys));
    }

    private Event.FlowCheckpoint checkpoint(String keys) throws IOException {
        ExperimentSpec spec = ExperimentFile.parse(keys);
        WeightBatch networks = InitialWeights.draw(spec.network().architecture(2, 2), 0.5, new Seed(2), 0, 20);
        try (FlowTrainer trainer = new FlowTrainer(spec.flows().get(0), 0.5, networks, new Seed(3))) {
            trainer.step(0);
            BlobRef model = blobs.put(FlowCodec.encode(trainer.snapshot()));
            return new Event.FlowCheckpoint(RUN, "geometric", 0, 1, 1, true, 1, model);
        }
    }

    private Recorder transfer(String keys) throws Exception {
        Recorder recorder = new Recorder();
        TaskData data = new TaskData(dir);
        new SampleWork(data, blobs).perform(new Task.TransferFlow(RUN, text(keys), checkpoint(keys)), recorder);
        new ZooWork(data).perform(new Task.TransferBaselines(RUN, text(keys)), recorder);
        return recorder;
    }

    @Test
    void scoresGuidedUnguidedAndTrainedNetworksOnTheOtherTask() throws Exception {
        Map<String, Score> scores =
                transfer(ZOO + TRANSFER).of(Score.class).collect(Collectors.toMap(Score::group, s -> s));
        assertThat(scores).containsOnlyKeys("transfer/geometric", "transfer/geometric-unguided", "transfer/trained");
        assertThat(scores.values()).allSatisfy(s -> {
            assertThat(s.n()).isEqualTo(8);
            assertThat(s.values()).containsKeys("accuracy_mean", "loss_mean", "bma_accuracy_8");
        });
        assertThat(scores.get("transfer/geometric").values()).containsEntry("gradient_steps", 5.0);
        assertThat(scores.get("transfer/geometric-unguided").values()).containsEntry("gradient_steps", 0.0);
        // 70 % of 200 examples in mini-batches of 16 are 9 steps, in each of 3 epochs.
        assertThat(scores.get("transfer/trained").values()).containsEntry("gradient_steps", 27.0);
        assertThat(loss(scores, "transfer/geometric")).isLessThan(loss(scores, "transfer/geometric-unguided"));
        assertThat(loss(scores, "transfer/trained")).isLessThan(loss(scores, "transfer/geometric-unguided"));
    }

    @Test
    void refinementFollowsGuidance() throws Exception {
        String refined = TRANSFER.replace("networks = 8", "refine { steps = 40, learning-rate = 0.02 }, networks = 8");
        Map<String, Score> scores =
                transfer(ZOO + refined).of(Score.class).collect(Collectors.toMap(Score::group, s -> s));
        Map<String, Score> guided =
                transfer(ZOO + TRANSFER).of(Score.class).collect(Collectors.toMap(Score::group, s -> s));
        assertThat(scores.get("transfer/geometric").values()).containsEntry("gradient_steps", 45.0);
        assertThat(loss(scores, "transfer/geometric")).isLessThan(loss(guided, "transfer/geometric"));
        assertThat(loss(scores, "transfer/geometric-unguided")).isEqualTo(loss(guided, "transfer/geometric-unguided"));
    }

    private static double loss(Map<String, Score> scores, String group) {
        return scores.get(group).values().get("loss_mean");
    }

    @Test
    void drawsALearningCurveFromEachStart() throws Exception {
        Map<String, List<MetricPoint>> curves =
                transfer(ZOO + TRANSFER).of(MetricPoint.class).collect(Collectors.groupingBy(MetricPoint::stage));
        assertThat(curves).containsOnlyKeys("transfer/geometric", "transfer/random");
        assertThat(curves.values()).allSatisfy(points -> {
            assertThat(points).extracting(MetricPoint::step).containsExactly(0L, 1L, 2L, 3L, 4L);
            assertThat(points.get(4).progress()).isEqualTo(1);
            assertThat(points.get(4).values()).containsOnlyKeys("accuracy", "accuracy_std");
            assertThat(points.get(4).values().get("accuracy"))
                    .isGreaterThan(points.get(0).values().get("accuracy"));
        });
    }

    @Test
    void testDataChangesNoGuidedOrRefinedNetwork() throws Exception {
        GeneratedNetworks clean = sampled();
        poison("source.csv");
        GeneratedNetworks poisoned = sampled();
        assertThat(clean.gradientSteps()).isEqualTo(7);
        assertThat(poisoned.networks().theta()).isEqualTo(clean.networks().theta());
    }

    private GeneratedNetworks sampled() throws IOException {
        Recorder recorder = new Recorder();
        Task task = new Task.SampleFlow(RUN, text(ZOO), checkpoint(ZOO), "", 5);
        new SampleWork(new TaskData(dir), blobs).perform(task, recorder);
        return recorder.of(GeneratedNetworks.class).findFirst().orElseThrow();
    }

    @Test
    void theOtherTasksTestDataTeachesNothing() throws Exception {
        assertThat(accuracyOfTrained()).isGreaterThan(0.8);
        poison("target.csv");
        // On the other side of the border, every test example has the label of its old place.
        assertThat(accuracyOfTrained()).isLessThan(0.2);
    }

    private double accuracyOfTrained() throws Exception {
        Recorder recorder = new Recorder();
        String keys = ZOO + TRANSFER.replace("epochs = 3,", "epochs = 20,");
        new ZooWork(new TaskData(dir)).perform(new Task.TransferBaselines(RUN, text(keys)), recorder);
        return recorder.of(Score.class).findFirst().orElseThrow().values().get("accuracy_mean");
    }

    /** Moves the examples of the test split to the other side of their task's border, labels unchanged. */
    private void poison(String file) throws IOException {
        TaskSpec task = ExperimentFile.parse(ZOO.replace("source.csv", file)).task();
        Split test = Datasets.load(task, 1, dir).test();
        Set<String> rows = new HashSet<>();
        for (int i = 0; i < test.size(); i++) {
            rows.add(test.x()[2 * i] + "," + test.x()[2 * i + 1]);
        }
        List<String> lines = new ArrayList<>();
        for (String line : Files.readAllLines(dir.resolve(file))) {
            String[] cells = line.split(",", -1);
            boolean inTest = rows.contains(cells[0] + "," + cells[1]);
            lines.add(inTest ? "%s,%s,%s".formatted(negated(cells[0]), negated(cells[1]), cells[2]) : line);
        }
        assertThat(lines).hasSize(201).isNotEqualTo(Files.readAllLines(dir.resolve(file)));
        Files.write(dir.resolve(file), lines);
    }

    private static String negated(String number) {
        return Float.toString(-Float.parseFloat(number));
    }

    @Test
    void anotherShapeIsRefused() {
        String keys = ZOO + TRANSFER.replace("kind = csv, file = target.csv", "kind = spirals");
        assertThatThrownBy(() -> transfer(keys))
                .isInstanceOf(UserError.class)
                .hasMessage("transfer.task (spirals) has 2 inputs and 3 classes, but the zoo's networks are 2-6-2."
                        + " Maybe another task?");
    }

    @Test
    void anExperimentWithoutTransferHasNoSuchTask() {
        assertThatThrownBy(() -> transfer(ZOO))
                .isInstanceOf(UnprocessableTaskException.class)
                .hasMessageContaining("without transfer");
    }
}
