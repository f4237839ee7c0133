package dev.zooflow.experiment;

import dev.zooflow.graph.Architecture;

/**
 * Roughly what a run leaves on disk at most, in bytes: networks in topics, checkpoints and training states as blobs, four bytes a
 * number.
 *
 * @param networks of the zoo and generated
 * @param blobs checkpoints, and the two latest states of each training: parameters, average and two moments
 */
record StorageEstimate(double networks, double blobs) {

    private static final int BYTES = 4;
    private static final int STATE = 2 * 4;

    static StorageEstimate of(ExperimentSpec spec, Architecture architecture, CostEstimate cost) {
        Operations operations = new Operations(architecture);
        double networks = (double) spec.zoo().trajectories() * spec.zoo().snapshots();
        double blobs = 0;
        // Of trials that are still to be proposed nobody knows more than of those that are.
        double alike = (double) trials(spec) / spec.flows().size();
        for (int i = 0; i < spec.flows().size(); i++) {
            FlowSpec flow = spec.flows().get(i);
            double checkpoints =
                    checkpoints(flow.training(), cost.flows().get(i).toMillis() / alike);
            networks += alike
                    * (spec.allSamplings(flow).stream()
                                    .mapToDouble(SamplingSpec::networks)
                                    .sum()
                            + checkpoints * spec.sampling(flow).checkpointNetworks());
            blobs += alike * (1 + checkpoints + STATE) * operations.parameters(flow.backbone());
        }
        return new StorageEstimate(BYTES * networks * architecture.parameters(), BYTES * blobs);
    }

    /** Trials of a sweep, proposed ones too, or flows. */
    static int trials(ExperimentSpec spec) {
        return spec.sweep()
                .filter(s -> s.method() == SweepSpec.Method.TPE)
                .map(SweepSpec::runCap)
                .orElse(spec.flows().size());
    }

    /** Those before the final one. */
    private static double checkpoints(TrainingSpec training, double millis) {
        double bySteps = training.checkpointSteps() > 0 ? (double) training.steps() / training.checkpointSteps() : 0;
        double byTime = training.checkpointEvery().isZero()
                ? 0
                : millis / training.checkpointEvery().toMillis();
        return bySteps + byTime;
    }

    double total() {
        return networks + blobs;
    }
}
