package dev.zooflow.model;

import dev.zooflow.experiment.FlowSpec.Alignment;
import dev.zooflow.experiment.LikelihoodSpec;
import dev.zooflow.flow.likelihood.LogLikelihood;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.rebasin.BatchLoss;
import dev.zooflow.rebasin.ZooAlignment;
import dev.zooflow.tensor.Seed;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;

/**
 * How much better a flow explains networks it learnt from than networks it never saw. A flow that learnt the
 * distribution explains both alike; one that memorised gives its training networks a higher density.
 *
 * @param train log likelihood of training networks
 * @param heldOut log likelihood of held-out networks
 */
public record LikelihoodGap(LogLikelihood train, LogLikelihood heldOut) {

    /**
     * Measures it. Both sides are aligned in the same way, to the reference that the flow's training data were aligned to.
     *
     * @param data all networks that the flow learnt from
     * @param loss of the networks' task, for alignments that use it
     * @param train those of them that are measured
     * @param heldOut as many others
     * @param training seed of the flow's training
     * @param seed of the probes
     */
    public static LikelihoodGap measure(
            WeightFlow flow,
            WeightBatch data,
            Optional<BatchLoss> loss,
            WeightBatch train,
            WeightBatch heldOut,
            LikelihoodSpec spec,
            Seed training,
            Seed seed) {
        if (flow.spec().alignment() == Alignment.NONE) {
            return measure(flow, train, heldOut, spec, seed);
        }
        ZooAlignment.Aligned aligned = FlowAlignment.fit(flow.spec(), data, loss, training.child("alignment"));
        return measure(flow, aligned.alignTo(train), aligned.alignTo(heldOut), spec, seed);
    }

    private static LikelihoodGap measure(
            WeightFlow flow, WeightBatch train, WeightBatch heldOut, LikelihoodSpec spec, Seed seed) {
        return new LikelihoodGap(
                flow.logLikelihood(train, spec, seed.child("train")),
                flow.logLikelihood(heldOut, spec, seed.child("held-out")));
    }

    /**
     * Medians in bits per dimension, {@code bpd_train}, {@code bpd_held_out} and their difference {@code bpd_gap} (held-out
     * minus train, positive where the flow memorises), each with its standard error over networks, {@code …_se}.
     *
     * <p>A network whose path leaves the region of the source has any number of bits, so a mean would tell of that network
     * alone.
     */
    public Map<String, Double> values() {
        double[] seen = train.bitsPerDimension();
        double[] unseen = heldOut.bitsPerDimension();
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("bpd_train", median(seen));
        values.put("bpd_train_se", standardError(seen));
        values.put("bpd_held_out", median(unseen));
        values.put("bpd_held_out_se", standardError(unseen));
        values.put("bpd_gap", median(unseen) - median(seen));
        values.put("bpd_gap_se", Math.hypot(standardError(seen), standardError(unseen)));
        return values;
    }

    /** {@code bpd_train} and {@code bpd_held_out} of each network. */
    public Map<String, double[]> series() {
        return Map.of("bpd_train", train.bitsPerDimension(), "bpd_held_out", heldOut.bitsPerDimension());
    }

    private static double median(double[] x) {
        double[] sorted = DoubleStream.of(x).sorted().toArray();
        int n = sorted.length;
        return n == 0 ? Double.NaN : (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    }

    // Of a median: √(π/2) times that of a mean, with the spread from the median absolute deviation.
    private static double standardError(double[] x) {
        double middle = median(x);
        double spread = 1.4826
                * median(DoubleStream.of(x).map(v -> Math.abs(v - middle)).toArray());
        return Math.sqrt(Math.PI / 2 / x.length) * spread;
    }
}
