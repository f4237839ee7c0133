package dev.zooflow.experiment;

import dev.zooflow.graph.Architecture;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongBiFunction;

/**
 * Roughly how many bytes a run of an experiment writes to topics and blobs: numbers of single precision, without messages that
 * carry no weights.
 *
 * @param zoo snapshots of all trajectories
 * @param checkpoints of all flows; `gc` frees most of them afterwards
 * @param states the two latest from which each training can be resumed: parameters, their average, two moments
 * @param networks generated from all checkpoints
 */
record StorageEstimate(double zoo, double checkpoints, double states, double networks) {

    private static final int ARRAYS_OF_A_STATE = 4;
    private static final int STATES = 2;

    /**
     * Estimates.
     *
     * @param parameters of a flow's network over networks of an architecture
     */
    static StorageEstimate of(
            ExperimentSpec spec,
            Architecture architecture,
            CostEstimate cost,
            ToLongBiFunction<FlowSpec, Architecture> parameters) {
        double network = (double) Float.BYTES * architecture.parameters();
        double checkpoints = 0;
        double states = 0;
        double networks = 0;
        List<FlowSpec> flows = spec.flows();
        // Of trials that are still to be proposed nobody knows more than of those that are.
        double alike = (double) trials(spec) / flows.size();
        for (int f = 0; f < flows.size(); f++) {
            double finals = spec.allSamplings(flows.get(f)).stream()
                    .mapToDouble(SamplingSpec::networks)
                    .sum();
            double model = (double) Float.BYTES * parameters.applyAsLong(flows.get(f), architecture);
            long early = early(flows.get(f).training(), cost.flows().get(f), alike);
            checkpoints += alike * (early + 1) * model;
            states += alike * STATES * ARRAYS_OF_A_STATE * model;
            networks += alike * (early * spec.sampling(flows.get(f)).checkpointNetworks() + finals) * network;
        }
        ZooSpec zoo = spec.zoo();
        return new StorageEstimate(
                zoo.trajectories() * (double) zoo.snapshots() * network, checkpoints, states, networks);
    }

    /** Trials of a sweep, proposed ones too, or flows. */
    static int trials(ExperimentSpec spec) {
        return spec.sweep()
                .filter(s -> s.method() == SweepSpec.Method.TPE)
                .map(SweepSpec::runCap)
                .orElse(spec.flows().size());
    }

    /** Checkpoints of a flow before its final one. */
    private static long early(TrainingSpec training, Duration takes, double alike) {
        long bySteps = training.checkpointSteps() > 0 ? training.steps() / training.checkpointSteps() : 0;
        Duration every = training.checkpointEvery();
        long byTime = every.isZero() ? 0 : Math.round(takes.toMillis() / alike) / every.toMillis();
        return Math.max(bySteps, byTime);
    }

    double total() {
        return zoo + checkpoints + states + networks;
    }

    /** The estimate for a person. */
    String text() {
        return "about %s: zoo %s, checkpoints %s, training states %s, generated networks %s"
                .formatted(size(total()), size(zoo), size(checkpoints), size(states), size(networks));
    }

    /** Bytes in a unit of which there are less than a thousand, e.g. {@code 1.3 MB}. */
    static String size(double bytes) {
        String[] units = {"kB", "MB", "GB", "TB"};
        double size = bytes / 1e3;
        int unit = 0;
        while (size >= 999.5 && unit < units.length - 1) {
            size /= 1e3;
            unit++;
        }
        return String.format(Locale.ROOT, size < 9.95 ? "%.1f %s" : "%.0f %s", size, units[unit]);
    }
}
