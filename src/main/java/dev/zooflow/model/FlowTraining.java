package dev.zooflow.model;

import dev.zooflow.experiment.FlowSpec;
import dev.zooflow.experiment.TrainingSpec;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.tensor.Seed;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** The training loop of a flow within its budget, with checkpoints on the way. */
public final class FlowTraining {

    private static final long METRIC_INTERVAL_NANOS = 500_000_000L;

    private final FlowTrainer trainer;
    private final TrainingSpec budget;
    private final Listener listener;
    private final long start = System.nanoTime();
    private final double secondsBefore;
    private long lastMetric = start;
    private double lossSum;
    private double normSum;
    private int count;
    private int checkpoints;
    private double checkpointSeconds;
    private double checkpointLossSum;
    private int checkpointCount;
    private double savedSeconds;
    private long savedStep;

    /** What happens while a flow trains. */
    public interface Listener {
        /**
         * A few times a second, and at the end.
         *
         * @param progress share of the budget used up, in [0, 1]
         * @param values means since the last call: {@code loss}, {@code gradient_norm}, {@code steps_per_second}
         */
        default void progress(long step, double seconds, double progress, Map<String, Double> values) {}

        /**
         * A checkpoint is due.
         *
         * @param index from 0
         * @param last whether the training ended
         * @param loss mean since the last checkpoint
         */
        default void checkpoint(WeightFlow flow, int index, long step, double seconds, boolean last, double loss) {}

        /**
         * The state is to be kept, so that the training can be resumed from it: now and then, when it is cancelled, and at its
         * end, before the last checkpoint.
         */
        default void save(TrainingState state) {}
    }

    private FlowTraining(FlowTrainer trainer, TrainingSpec budget, Listener listener, double secondsBefore) {
        this.trainer = trainer;
        this.budget = budget;
        this.listener = listener;
        this.secondsBefore = secondsBefore;
        this.savedSeconds = secondsBefore;
        this.savedStep = trainer.steps();
    }

    /**
     * Trains a flow on networks until its budget is used up: all that a program needs which embeds this one.
     *
     * @param spec with its budget
     * @param initialStd standard deviation of the initialisation of weights and biases, from which the networks were trained
     * @param networks raw weights
     * @return the flow with the averaged parameters
     * @throws ArithmeticException when the loss is not a number
     */
    public static WeightFlow train(FlowSpec spec, double initialStd, WeightBatch networks, Seed seed) {
        try (FlowTrainer trainer = new FlowTrainer(spec, initialStd, networks, seed)) {
            run(trainer, spec.training(), new Listener() {}, () -> false);
            return trainer.snapshot();
        }
    }

    /**
     * Trains until the budget is used up or {@code cancelled} says so.
     *
     * @return whether the training came to its end
     * @throws ArithmeticException when the loss is not a number
     */
    public static boolean run(FlowTrainer trainer, TrainingSpec budget, Listener listener, BooleanSupplier cancelled) {
        return new FlowTraining(trainer, budget, listener, 0).loop(cancelled);
    }

    /**
     * Trains on from a state, as {@link #run} does. Seconds of training that came before it count.
     *
     * @param trainer that has made no step yet
     * @throws IllegalArgumentException when the state does not fit the trainer
     */
    public static boolean resume(
            FlowTrainer trainer,
            TrainingState state,
            TrainingSpec budget,
            Listener listener,
            BooleanSupplier cancelled) {
        trainer.restore(state.step(), state.arrays());
        FlowTraining training = new FlowTraining(trainer, budget, listener, state.seconds());
        training.checkpoints = state.checkpoints();
        training.checkpointSeconds = state.checkpointSeconds();
        training.checkpointLossSum = state.lossSum();
        training.checkpointCount = state.lossCount();
        return training.loop(cancelled);
    }

    private boolean loop(BooleanSupplier cancelled) {
        double progress = progress();
        // A training that had come to its end tells its last checkpoint, whose loss is that of one step at least.
        while (progress < 1 || checkpointCount == 0) {
            if (cancelled.getAsBoolean()) {
                save();
                return false;
            }
            add(trainer.step(progress));
            progress = progress();
            if (System.nanoTime() - lastMetric >= METRIC_INTERVAL_NANOS || progress >= 1) {
                publishMetrics(progress);
            }
            if (progress < 1 && checkpointDue()) {
                publishCheckpoint(false);
            }
            if (progress < 1 && saveDue()) {
                save();
            }
        }
        save();
        publishCheckpoint(true);
        return true;
    }

    private double progress() {
        double bySteps = budget.steps() > 0 ? (double) trainer.steps() / budget.steps() : 0;
        double byTime =
                budget.time().isZero() ? 0 : seconds() * 1e9 / budget.time().toNanos();
        return Math.min(1, Math.max(bySteps, byTime));
    }

    private void add(FlowTrainer.StepResult result) {
        if (!Double.isFinite(result.loss())) {
            throw new ArithmeticException(
                    "loss (%s) of step %d is not finite. Maybe lower flow.training.learning-rate or clip-norm?"
                            .formatted(result.loss(), trainer.steps()));
        }
        lossSum += result.loss();
        normSum += result.gradientNorm();
        count++;
        checkpointLossSum += result.loss();
        checkpointCount++;
    }

    private boolean checkpointDue() {
        boolean bySteps = budget.checkpointSteps() > 0 && trainer.steps() % budget.checkpointSteps() == 0;
        return bySteps || isDue(budget.checkpointEvery(), checkpointSeconds);
    }

    private boolean saveDue() {
        return isDue(budget.saveEvery(), savedSeconds);
    }

    private boolean isDue(Duration interval, double last) {
        return !interval.isZero() && (seconds() - last) * 1e9 >= interval.toNanos();
    }

    private void save() {
        if (trainer.steps() == savedStep) {
            return;
        }
        listener.save(new TrainingState(
                trainer.steps(),
                seconds(),
                checkpoints,
                checkpointSeconds,
                checkpointLossSum,
                checkpointCount,
                trainer.arrays()));
        savedStep = trainer.steps();
        savedSeconds = seconds();
    }

    private void publishMetrics(double progress) {
        long now = System.nanoTime();
        double rate = count * 1e9 / (now - lastMetric);
        Map<String, Double> values =
                Map.of("loss", lossSum / count, "gradient_norm", normSum / count, "steps_per_second", rate);
        listener.progress(trainer.steps(), seconds(), progress, values);
        lastMetric = now;
        lossSum = 0;
        normSum = 0;
        count = 0;
    }

    private void publishCheckpoint(boolean last) {
        double loss = checkpointLossSum / checkpointCount;
        listener.checkpoint(trainer.snapshot(), checkpoints, trainer.steps(), seconds(), last, loss);
        checkpoints++;
        checkpointSeconds = seconds();
        checkpointLossSum = 0;
        checkpointCount = 0;
    }

    private double seconds() {
        return secondsBefore + (System.nanoTime() - start) / 1e9;
    }
}
