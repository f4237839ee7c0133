package dev.zooflow.zoo;

import ai.djl.ndarray.NDManager;
import dev.zooflow.data.Dataset;
import dev.zooflow.experiment.UserError;
import dev.zooflow.experiment.ZooSpec;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * One run of a {@link ZooTrainer}: its networks in blocks, taken through the steps of the schedule together.
 *
 * <p>The inputs of a mini-batch are the same examples in another order for every network, so they are gathered once per
 * network: for images they are by far the largest array of a step. A block is small enough for that array to stay in
 * the processor's cache until the layer has used it; the blocks are spread over the threads.
 */
final class ZooTraining {

    private static final int CURVE_EXAMPLES = 500;
    private static final int STRETCH = 16;
    private static final long REPORT_NANOS = 300_000_000;

    private final ZooSpec spec;
    private final SnapshotSchedule schedule;
    private final ValidationAccuracy validation;
    private final ValidationAccuracy curve;
    private final List<NetworkBlock> blocks = new ArrayList<>();
    private final List<SnapshotRecorder> recorders = new ArrayList<>();

    /** Everything at its start; all native memory belongs to the manager. */
    ZooTraining(ZooSpec spec, LayerLayout layout, Dataset data, Seed seed, NDManager manager, int from, int to) {
        this.spec = spec;
        this.schedule = SnapshotSchedule.of(spec, data.train().size());
        this.validation = new ValidationAccuracy(manager, layout, data.validation());
        this.curve = ValidationAccuracy.estimate(manager, layout, data.validation(), CURVE_EXAMPLES);
        Examples examples = Examples.of(manager, data.train(), data.classes().size());
        Descent descent = Descent.of(spec);
        int size = NetworkBlock.moderateSize(descent, data.train());
        for (int first = from; first < to; first += size) {
            int end = Math.min(to, first + size);
            WeightBatch start = InitialWeights.draw(layout.architecture(), spec.initialStd(), seed, first, end);
            blocks.add(new NetworkBlock(descent, layout, manager, examples, start, seed, first));
            recorders.add(new SnapshotRecorder(layout, schedule.snapshots(), end - first));
        }
    }

    /** Trains to the end. */
    List<Trajectory> run(Progress progress, BooleanSupplier cancelled) {
        long reported = System.nanoTime();
        for (int step = 0; step < schedule.steps(); ) {
            if (cancelled.getAsBoolean()) {
                throw new CancellationException("zoo training cancelled after %d steps".formatted(step));
            }
            int from = step;
            step = endOfStretch(from);
            train(from, step);
            if (isSnapshot(step)) {
                record(step);
            }
            long now = System.nanoTime();
            if (now - reported > REPORT_NANOS || step == schedule.steps()) {
                int batch = (step - 1) % schedule.stepsPerEpoch();
                progress.report(step, (double) step / schedule.steps(), metrics(step, batch));
                reported = now;
            }
        }
        return trajectories();
    }

    private boolean isSnapshot(int step) {
        return Arrays.binarySearch(schedule.snapshots(), step) >= 0;
    }

    // Up to the next snapshot, and not so far that a cancellation or a report waits.
    private int endOfStretch(int from) {
        int end = from + 1;
        while (end < Math.min(schedule.steps(), from + STRETCH) && !isSnapshot(end)) {
            end++;
        }
        return end;
    }

    // Threads meet once a stretch: blocks don't depend on each other.
    private void train(int from, int to) {
        int workers = Math.min(Torch.threads(), blocks.size());
        IntStream.range(0, workers).parallel().forEach(worker -> {
            for (int b = worker; b < blocks.size(); b += workers) {
                for (int step = from; step < to; step++) {
                    train(blocks.get(b), step);
                }
            }
        });
    }

    private void train(NetworkBlock block, int step) {
        int batch = step % schedule.stepsPerEpoch();
        if (batch == 0) {
            block.startEpoch(step / schedule.stepsPerEpoch());
        }
        block.step(batch);
    }

    private void record(int step) {
        for (int b = 0; b < blocks.size(); b++) {
            NetworkBlock block = blocks.get(b);
            int diverged = recorders.get(b).record(block.theta(), validation.of(block.theta()));
            if (diverged >= 0) {
                throw diverged(block.first() + diverged, step);
            }
        }
    }

    private Map<String, Double> metrics(int step, int batch) {
        double loss = 0;
        double accuracy = 0;
        int n = 0;
        for (NetworkBlock block : blocks) {
            float[] losses = block.loss(batch);
            float[] accuracies = curve.of(block.theta());
            for (int i = 0; i < losses.length; i++) {
                if (!Float.isFinite(losses[i])) {
                    throw diverged(block.first() + i, step);
                }
                loss += losses[i];
                accuracy += accuracies[i];
            }
            n += losses.length;
        }
        return Map.of("loss", loss / n, "validation_accuracy", accuracy / n);
    }

    private UserError diverged(int trajectory, int step) {
        return UserError.usage(
                "trajectory (%d) diverged by step %d of %d: its loss or weights are not finite. Maybe a zoo.learning-rate below %s?"
                        .formatted(trajectory, step, schedule.steps(), spec.learningRate()));
    }

    private List<Trajectory> trajectories() {
        List<Trajectory> all = new ArrayList<>();
        for (int b = 0; b < blocks.size(); b++) {
            for (int i = 0; i < blocks.get(b).size(); i++) {
                int index = blocks.get(b).first() + i;
                all.add(recorders.get(b).trajectory(i, index, spec.isHeldOut(index)));
            }
        }
        return all;
    }
}
