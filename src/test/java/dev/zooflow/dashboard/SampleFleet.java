package dev.zooflow.dashboard;

import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.FlowSpec;
import dev.zooflow.experiment.RunId;
import dev.zooflow.message.BlobRef;
import dev.zooflow.message.Event;
import dev.zooflow.message.Event.FlowCheckpoint;
import dev.zooflow.message.Event.MetricPoint;
import dev.zooflow.message.Event.Score;
import dev.zooflow.message.Role;
import dev.zooflow.message.RunEvent.CoordinatorStarted;
import dev.zooflow.message.RunEvent.RunCompleted;
import dev.zooflow.message.RunEvent.RunSubmitted;
import dev.zooflow.message.TaskEvent.TaskCompleted;
import dev.zooflow.message.TaskEvent.TaskFailed;
import dev.zooflow.message.TaskEvent.TaskQueued;
import dev.zooflow.message.TaskEvent.TaskStarted;
import dev.zooflow.message.TaskEvent.TaskStopped;
import dev.zooflow.message.WorkerHeartbeat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** Events of made-up runs that look like real ones: the same seed makes the same. */
final class SampleFleet {

    static final String WORKER = "gpu-%d/4711/k3x9";

    private static final BlobRef NOWHERE = new BlobRef("0".repeat(64), 1);

    private final SplittableRandom random;
    private final Consumer<Event> log;

    SampleFleet(long seed, Consumer<Event> log) {
        random = new SplittableRandom(seed);
        this.log = log;
    }

    /** An experiment with a sweep of so many trials over geometry, width and learning rate. */
    static ExperimentSpec sweep(int trials) {
        return ExperimentFile.parse("""
                name = sweep
                sweep {
                  method = quasi-random, run-cap = %d
                  parameters.flow {
                    geometry { values = [euclidean, normalized, geometric] }
                    backbone.width { values = [16, 32, 64] }
                    training.learning-rate { min = 1.0e-4, max = 1.0e-2, distribution = log-uniform }
                  }
                }
                """.formatted(trials));
    }

    void submit(String run, ExperimentSpec spec) {
        submit(run, spec, Map.of());
    }

    void submit(String run, ExperimentSpec spec, Map<String, String> provenance) {
        log.accept(new RunSubmitted(new RunId(run), ExperimentFile.render(spec), provenance));
        log.accept(new CoordinatorStarted(new RunId(run), 1, "coordinator"));
        for (FlowSpec flow : spec.flows()) {
            log.accept(new TaskQueued(new RunId(run), "train/" + flow.name(), Role.TRAINER, 0));
        }
    }

    /** A worker begins with a trial. */
    void start(String run, String flow) {
        log.accept(new TaskStarted(new RunId(run), "train/" + flow, Role.TRAINER, 1, WORKER.formatted(1)));
    }

    /** Points of a curve that falls. */
    void train(String run, String flow, int from, int to, int last) {
        for (int i = from; i < to; i++) {
            double loss = 0.2 + 2 * Math.exp(-5.0 * i / last) + 0.08 * random.nextDouble();
            log.accept(new MetricPoint(
                    new RunId(run),
                    "flow/" + flow,
                    1,
                    10L * (i + 1),
                    (i + 1) / 4.0,
                    (i + 1.0) / last,
                    Map.of("loss", loss, "gradient_norm", 1 + random.nextDouble())));
        }
    }

    void checkpoint(String run, String flow, int index, long step, boolean last) {
        double loss = 0.2 + 2 * Math.exp(-step / 200.0);
        log.accept(new FlowCheckpoint(new RunId(run), flow, index, step, step / 40.0, last, loss, NOWHERE));
    }

    void score(String run, String group, int index, long step, boolean last, double accuracy, double ratio) {
        double novel = ratio > 0.75 ? accuracy : 0;
        Map<String, Double> values = Map.of(
                "accuracy_mean",
                accuracy,
                "nn_ratio_mean",
                ratio,
                "dispersion",
                0.9 * ratio + 0.1,
                "copy_rate",
                ratio < 0.4 ? 0.5 : 0.0,
                "novel_performant_075",
                novel,
                "validation_novel_performant_075",
                0.9 * novel,
                "loss_mean",
                1 - accuracy);
        score(run, group, index, step, last, values);
    }

    void score(String run, String group, int index, long step, boolean last, Map<String, Double> values) {
        log.accept(new Score(new RunId(run), group, index, step, step / 40.0, last, 64, values, Map.of()));
    }

    void complete(String run, String flow) {
        log.accept(new TaskCompleted(new RunId(run), "train/" + flow, Role.TRAINER, 1, WORKER.formatted(1), 60));
    }

    void fail(String run, String flow, String reason) {
        log.accept(new TaskFailed(new RunId(run), "train/" + flow, Role.TRAINER, 3, WORKER.formatted(2), reason, true));
    }

    /** The rule that stops trials wants no more of one. */
    void stop(String run, String flow, long step, String reason) {
        log.accept(new TaskStopped(new RunId(run), "train/" + flow, Role.TRAINER, step, step / 40.0, reason));
    }

    void end(String run, List<String> failed) {
        log.accept(new RunCompleted(new RunId(run), failed, 600));
    }

    void beat(int host, Role role, String device, String task, long step) {
        log.accept(new WorkerHeartbeat(
                WorkerHeartbeat.FLEET,
                WORKER.formatted(host),
                role,
                device,
                task,
                step,
                task.isEmpty() ? 0 : 12.5,
                1_800,
                5));
    }

    /** A whole run: most trials done, some failed, some in training, the others waiting. */
    void fill(String run, ExperimentSpec spec, int points) {
        submit(run, spec);
        score(run, "held-out", 0, 0, true, 0.92, 1);
        score(run, "gaussian", 0, 0, true, 0.55, 1.14);
        score(run, "retrieval", 0, 0, true, 0.93, 0);
        int i = 0;
        int all = spec.flows().size();
        for (FlowSpec flow : spec.flows()) {
            double part = i++ / (double) all;
            if (part > 0.95) {
                continue;
            }
            start(run, flow.name());
            boolean ends = part < 0.85;
            int reached = ends ? points : (int) (points * random.nextDouble(0.2, 0.9));
            train(run, flow.name(), 0, reached, points);
            double quality = random.nextDouble();
            int checkpoints = ends ? 6 : 1 + (int) (5.0 * reached / points);
            for (int c = 0; c < checkpoints; c++) {
                boolean last = ends && c == checkpoints - 1;
                long step = 10L * points * (c + 1) / 6;
                checkpoint(run, flow.name(), c, step, last);
                if (!last || part > 0.03) {
                    double accuracy = 0.5 + 0.42 * quality * (1 - Math.exp(-c - 1)) + 0.02 * random.nextDouble();
                    double ratio = 1.05 - 0.4 * quality * (c + 1) / 6 + 0.1 * random.nextDouble();
                    score(run, "generated/" + flow.name(), c, step, last, accuracy, ratio);
                }
            }
            if (ends) {
                complete(run, flow.name());
            } else if (part < 0.86) {
                fail(run, flow.name(), "loss is not a finite number. Maybe a smaller learning rate?");
            }
        }
    }
}
