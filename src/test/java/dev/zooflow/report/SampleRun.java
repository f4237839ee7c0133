package dev.zooflow.report;

import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.RunId;
import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.message.BlobRef;
import dev.zooflow.message.Event;
import dev.zooflow.message.Event.FlowCheckpoint;
import dev.zooflow.message.Event.GeneratedNetworks;
import dev.zooflow.message.Event.LossBarriers;
import dev.zooflow.message.Event.MetricPoint;
import dev.zooflow.message.Event.Score;
import dev.zooflow.message.Event.ZooTrajectory;
import dev.zooflow.message.Role;
import dev.zooflow.message.RunEvent.RunCompleted;
import dev.zooflow.message.RunEvent.RunSubmitted;
import dev.zooflow.message.TaskEvent.TaskCompleted;
import dev.zooflow.message.TaskEvent.TaskFailed;
import dev.zooflow.message.TaskEvent.TaskQueued;
import dev.zooflow.message.TaskEvent.TaskStarted;
import dev.zooflow.message.TaskEvent.TaskStopped;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** Events of an invented run with plausible numbers: 8×8 digits, three flows, every baseline. */
final class SampleRun {

    static final RunId RUN = new RunId("quickstart-20250308-134502-117");
    static final Architecture DIGITS = Architecture.relu(64, 16, 10);
    static final String EXPERIMENT = """
            name = quickstart
            zoo { training-trajectories = 60, held-out-trajectories = 20 }
            samplings = [{ name = steps-4, steps = 4 }, { name = steps-16, steps = 16 }]
            flow.training.time = 40 s
            flows = [
              { name = geometric }, { name = euclidean, geometry = euclidean }, { name = normalized, geometry = normalized }
            ]
            """;

    /** Of the figures that the run above has not: a zoo that was drawn, flows of three widths. */
    private static final String WIDTHS = """
            name = widths
            zoo { kind = gaussian, training-trajectories = 60, held-out-trajectories = 20 }
            samplings = [{ name = steps-4, steps = 4 }, { name = steps-16, steps = 16 }]
            flows = [
              { name = width-8, backbone.width = 8 }, { name = width-16, backbone.width = 16 }
              { name = width-64, backbone.width = 64 }
            ]
            """;

    private static final double[] FINAL_ACCURACY = {0.938, 0.921, 0.902};
    private static final double[] FINAL_RATIO = {0.94, 1.06, 0.83};

    private final Random random = new Random(7);
    private final List<Event> events = new ArrayList<>();

    private final String experiment;
    private final List<String> flows;

    private SampleRun(String experiment, List<String> flows) {
        this.experiment = experiment;
        this.flows = flows;
    }

    private SampleRun() {
        this(EXPERIMENT, List.of("geometric", "euclidean", "normalized"));
    }

    /** The events of a run that succeeds. */
    static List<Event> completed() {
        SampleRun run = new SampleRun();
        run.everything();
        run.events.add(new RunCompleted(RUN, List.of(), 203.4));
        return run.events;
    }

    /** The events of a run with all figures: flows of three widths, and training for another task that begins with their networks. */
    static List<Event> figures() {
        SampleRun run = new SampleRun(WIDTHS, List.of("width-8", "width-16", "width-64"));
        run.everything();
        run.baseline("source", 128, 0.1, 0.02, 1.3, 1.0);
        run.flows.forEach(flow -> run.learning(flow, 0.6));
        run.learning("random", 0.1);
        run.events.add(new RunCompleted(RUN, List.of(), 203.4));
        return run.events;
    }

    /** The events of a run whose second flow was given up. */
    static List<Event> failed() {
        SampleRun run = new SampleRun();
        run.everything();
        run.events.removeIf(e -> e.id().contains("euclidean") && !(e instanceof MetricPoint));
        run.events.add(new TaskQueued(RUN, "train/euclidean", Role.TRAINER, 0));
        for (int attempt = 1; attempt <= 3; attempt++) {
            run.events.add(new TaskFailed(
                    RUN, "train/euclidean", Role.TRAINER, attempt, "w1", "loss is NaN at step <312>", attempt == 3));
        }
        run.events.add(new RunCompleted(RUN, List.of("train/euclidean"), 170.2));
        return run.events;
    }

    /** The record of these events. */
    static RunRecord record(List<Event> events) {
        return record(events, "");
    }

    /** The record of these events with the networks of a variant. */
    static RunRecord record(List<Event> events, String variant) {
        RunCollector collector = new RunCollector(RUN, 4, variant);
        events.forEach(collector::accept);
        return collector.record();
    }

    /** The events of a run whose second flow a sweep's rule stopped before its third checkpoint was scored. */
    static List<Event> stopped() {
        SampleRun run = new SampleRun();
        run.everything();
        run.events.removeIf(
                e -> e instanceof Score s && s.group().startsWith("generated/euclidean") && s.checkpoint() > 1);
        run.events.removeIf(e -> e instanceof FlowCheckpoint c && c.flow().equals("euclidean") && c.last());
        run.events.removeIf(e -> e.id().equals("train/euclidean/completed"));
        run.events.add(new TaskStopped(RUN, "train/euclidean", Role.TRAINER, 480, 16, "loss_mean 0.7 is above 0.5"));
        run.events.add(new RunCompleted(RUN, List.of(), 170.2));
        return run.events;
    }

    /** The events of a run with networks of the variant steps-4 besides, wider ones after 70 gradients. */
    static List<Event> varied() {
        SampleRun run = new SampleRun();
        run.everything();
        Architecture wider = Architecture.relu(64, 20, 10);
        for (String flow : run.flows) {
            WeightBatch networks = new WeightBatch(wider, new float[6 * wider.parameters()]);
            run.events.add(new GeneratedNetworks(RUN, flow, "steps-4", 4, 1200, 40, true, 70, networks));
            run.events.replaceAll(e ->
                    e instanceof Score s && s.group().equals("generated/" + flow + "/steps-4") ? withoutNovelty(s) : e);
        }
        run.events.add(new RunCompleted(RUN, List.of(), 203.4));
        return run.events;
    }

    private static Score withoutNovelty(Score s) {
        Map<String, Double> values = new LinkedHashMap<>(s.values());
        values.keySet().removeIf(name -> name.contains("nn_ratio") || name.contains("novel"));
        Map<String, double[]> series = new LinkedHashMap<>(s.series());
        series.remove("nn_ratio");
        return new Score(RUN, s.group(), s.checkpoint(), s.step(), s.seconds(), s.last(), s.n(), values, series);
    }

    private void everything() {
        events.add(new RunSubmitted(RUN, ExperimentFile.render(ExperimentFile.parse(experiment)), provenance()));
        zoo();
        baselines();
        for (int f = 0; f < flows.size(); f++) {
            flow(f);
        }
    }

    private static Map<String, String> provenance() {
        Map<String, String> out = new LinkedHashMap<>();
        out.put("started", "2025-03-08T13:45:02.117Z");
        out.put("seed", "1");
        out.put("zooflow", "0.1.0");
        out.put("library.libtorch", "2.7.1");
        out.put("git-commit", "39d5edb0c1b0b7c4d1a0f2a0a3a9d7c5e4f3b2a1");
        out.put("git-dirty", "false");
        out.put("os", "Linux <6.1> amd64");
        out.put("processors", "2");
        return out;
    }

    private void zoo() {
        for (int part = 0; part < 2; part++) {
            String task = "zoo/%d-%d".formatted(part * 40, part * 40 + 40);
            task(task, Role.ZOO_PRODUCER, 9.1 + part);
            for (int step = 0; step <= 2500; step += 25) {
                double u = step / 2500.0;
                Map<String, Double> values = Map.of(
                        "loss", 0.19 + 2.1 * Math.exp(-7 * u) + 0.01 * random.nextGaussian(),
                        "validation_accuracy", 0.945 - 0.84 * Math.exp(-9 * u) + 0.003 * random.nextGaussian());
                events.add(new MetricPoint(RUN, task, 1, step, 9 * u, u, values));
            }
        }
        for (int i = 58; i < 70; i++) {
            events.add(new ZooTrajectory(
                    RUN, i, i >= 60, new int[] {1200, 2500}, new float[] {0.93f, 0.945f}, networks(2, 0.3)));
        }
    }

    private void baselines() {
        task("evaluate/baselines", Role.EVALUATOR, 14.2);
        baseline("held-out", 20, 0.944, 0.004, 1.0, 1.0);
        baseline("train", 60, 0.943, 0.005, 0.98, 1.01);
        baseline("noise-0.01", 128, 0.943, 0.005, 0.03, 1.0);
        baseline("noise-0.05", 128, 0.938, 0.006, 0.17, 1.0);
        baseline("soup-16", 128, 0.925, 0.006, 0.71, 0.27);
        baseline("interpolation", 128, 0.921, 0.021, 0.41, 0.8);
        baseline("gaussian", 128, 0.812, 0.048, 1.12, 0.98);
        baseline("retrieval", 128, 0.943, 0.005, 0.0, 0.99);
        events.add(barriers("unaligned", 0.61));
        events.add(barriers("aligned", 0.09));
    }

    private void baseline(String group, int n, double accuracy, double std, double ratio, double dispersion) {
        events.add(score(group, 0, 0, 0, true, n, accuracy, std, ratio, dispersion));
    }

    private void flow(int f) {
        String flow = flows.get(f);
        task("train/" + flow, Role.TRAINER, 40.3);
        for (int step = 0; step <= 1200; step += 6) {
            double u = step / 1200.0;
            Map<String, Double> values = Map.of(
                    "loss", (0.6 + 0.2 * f) * (1 + 6 * Math.exp(-9 * u)) * (1 + 0.05 * random.nextGaussian()),
                    "gradient_norm", 0.8 * Math.exp(-2 * u) * (1 + 0.3 * random.nextDouble()),
                    "learning_rate", 2e-3 * Math.min(1, step / 50.0) * 0.5 * (1 + Math.cos(Math.PI * u)));
            events.add(new MetricPoint(RUN, "flow/" + flow, 1, step, 40 * u, u, values));
        }
        for (int c = 0; c < 5; c++) {
            double u = (c + 1) / 5.0;
            boolean last = c == 4;
            double accuracy = FINAL_ACCURACY[f] - 0.5 * Math.exp(-4 * u) * (1 + 0.3 * f);
            double ratio = FINAL_RATIO[f] + 0.8 * Math.exp(-3 * u);
            int n = last ? 128 : 16;
            events.add(
                    score("generated/" + flow, c, 240L * (c + 1), 8.0 * (c + 1), last, n, accuracy, 0.012, ratio, 0.8));
            events.add(new GeneratedNetworks(
                    RUN, flow, "", c, 240L * (c + 1), 8.0 * (c + 1), last, 0, networks(last ? 128 : 16, 0.35)));
            task("sample/%s/%d".formatted(flow, c), Role.SAMPLER, 3.2);
        }
        BlobRef model = BlobRef.of(flow.getBytes(StandardCharsets.UTF_8));
        events.add(new FlowCheckpoint(RUN, flow, 3, 960, 32, false, 0.7, model));
        events.add(new FlowCheckpoint(RUN, flow, 4, 1200, 40, true, 0.6 + 0.2 * f, model));
        for (int steps = 4; steps <= 16; steps *= 4) {
            String group = "generated/%s/steps-%d".formatted(flow, steps);
            double accuracy = FINAL_ACCURACY[f] - 0.3 / steps;
            events.add(score(group, 4, 1200, 40, true, 128, accuracy, 0.014, FINAL_RATIO[f] + 1.0 / steps, 0.8));
        }
    }

    private void learning(String start, double accuracy) {
        for (int epoch = 0; epoch <= 10; epoch++) {
            double reached = accuracy + (0.9 - accuracy) * (1 - Math.exp(-0.5 * epoch));
            Map<String, Double> values =
                    Map.of("accuracy", reached, "accuracy_std", 0.02, "loss", 2.3 * (1 - reached), "loss_std", 0.05);
            events.add(new MetricPoint(RUN, "transfer/" + start, 1, epoch, epoch, epoch / 10.0, values));
        }
    }

    private Score score(
            String group,
            int checkpoint,
            long step,
            double seconds,
            boolean last,
            int n,
            double accuracy,
            double std,
            double ratio,
            double dispersion) {
        double[] accuracies =
                random.doubles(n).map(u -> accuracy + std * 1.7 * (2 * u - 1)).toArray();
        double[] ratios =
                random.doubles(n).map(u -> ratio * (1 + 0.12 * (2 * u - 1))).toArray();
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("accuracy_mean", accuracy);
        values.put("accuracy_std", std);
        values.put("loss_mean", 0.18 + 2.2 * (0.945 - accuracy));
        values.put("loss_std", 2 * std);
        values.put("nn_ratio_mean", ratio);
        values.put("z_u", 9 * (ratio - 1));
        values.put("copy_rate", ratio < 0.34 ? 1.0 : 0.0);
        values.put("error_similarity_mean", 0.72 - 0.2 * ratio);
        values.put("novel_performant_050", ratio >= 0.5 ? accuracy - 0.1 : 0);
        values.put("novel_performant_075", ratio >= 0.75 ? accuracy - 0.12 : 0);
        values.put("novel_performant_100", ratio >= 1 ? accuracy - 0.4 : 0);
        values.put("dispersion", dispersion);
        values.put("diversity", group.equals("retrieval") ? Double.NaN : 0.03 * dispersion);
        for (int k = 1; k <= Math.min(n, 32); k *= 2) {
            double gain = 0.018 * dispersion * (1 - 1.0 / k);
            values.put("bma_accuracy_" + k, accuracy + gain);
            values.put("bma_nll_" + k, 0.19 + 2 * (0.945 - accuracy) - 2 * gain);
            values.put("bma_ece_" + k, 0.012 + 0.004 * dispersion);
        }
        Map<String, double[]> series = new LinkedHashMap<>(Map.of("accuracy", accuracies, "nn_ratio", ratios));
        if (group.startsWith("generated/")) {
            // The other way round than on the test split, so that nobody takes the one for the other.
            values.put("validation_accuracy_mean", 1 - accuracy / 2);
            values.put("validation_loss_mean", 5 - values.get("loss_mean"));
            series.put(
                    "validation_accuracy",
                    Arrays.stream(accuracies).map(a -> 1 - a / 2).toArray());
        }
        weights(series, n, dispersion);
        return new Score(RUN, group, checkpoint, step, seconds, last, n, values, series);
    }

    private void weights(Map<String, double[]> series, int n, double dispersion) {
        double[] x = IntStream.range(0, 60).mapToDouble(b -> (b - 29.5) / 10).toArray();
        series.put("weight_value", x);
        series.put(
                "weight_density",
                Arrays.stream(x)
                        .map(v -> Math.exp(-v * v / 2 / dispersion) / Math.sqrt(2 * Math.PI * dispersion))
                        .toArray());
        series.put(
                "weight_mean",
                random.doubles(n).map(u -> 0.05 * dispersion * (u - 0.5)).toArray());
    }

    private LossBarriers barriers(String variant, double mean) {
        double[][] barrier = new double[12][12];
        for (int i = 0; i < 12; i++) {
            for (int j = 0; j < i; j++) {
                barrier[i][j] = mean * (1 + 0.35 * random.nextGaussian());
                barrier[j][i] = barrier[i][j];
            }
        }
        return new LossBarriers(RUN, variant, mean, 0.3 * mean, barrier);
    }

    /** Networks whose first layer looks for smooth patterns. */
    private WeightBatch networks(int n, double scale) {
        float[] theta = new float[n * DIGITS.parameters()];
        for (int i = 0; i < theta.length; i++) {
            theta[i] = (float) (0.3 * scale * random.nextGaussian());
        }
        for (int net = 0; net < n; net++) {
            for (int k = 0; k < 16; k++) {
                pattern(theta, net * DIGITS.parameters() + k * 64, k, scale);
            }
        }
        return new WeightBatch(DIGITS, theta);
    }

    private void pattern(float[] theta, int at, int k, double scale) {
        double angle = Math.PI * k / 16;
        double phase = 0.3 * random.nextGaussian() + k % 3;
        for (int p = 0; p < 64; p++) {
            double x = p % 8 - 3.5;
            double y = Math.floorDiv(p, 8) - 3.5;
            double wave = Math.sin((x * Math.cos(angle) + y * Math.sin(angle)) * 0.9 + phase);
            theta[at + p] += (float) (2 * scale * wave * Math.exp(-(x * x + y * y) / 14));
        }
    }

    private void task(String task, Role role, double seconds) {
        events.add(new TaskQueued(RUN, task, role, 0));
        events.add(new TaskStarted(RUN, task, role, 1, "w1"));
        events.add(new TaskCompleted(RUN, task, role, 1, "w1", seconds));
    }

    /** A score with nothing but these values: key, value, key, value … */
    static Score plain(String group, int n, Object... pairs) {
        Map<String, Double> values = new LinkedHashMap<>();
        List<Object> list = Arrays.asList(pairs);
        for (int i = 0; i < list.size(); i += 2) {
            values.put((String) list.get(i), (Double) list.get(i + 1));
        }
        return new Score(RUN, group, 0, 0, 0, true, n, values, Map.of());
    }
}
