package dev.zooflow.model;

import dev.zooflow.experiment.FlowSpec;
import dev.zooflow.experiment.FlowSpec.AlignmentReference;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.rebasin.BatchLoss;
import dev.zooflow.rebasin.Matcher;
import dev.zooflow.rebasin.RebasinObjective;
import dev.zooflow.rebasin.SinkhornRebasin;
import dev.zooflow.rebasin.WeightMatching;
import dev.zooflow.rebasin.ZooAlignment;
import dev.zooflow.rebasin.ZooAlignment.Reference;
import dev.zooflow.tensor.Seed;
import java.util.Optional;

/** The alignment of a zoo that a flow asks for. */
final class FlowAlignment {

    private static final int MAX_SWEEPS = 50;

    private FlowAlignment() {}

    /**
     * The training networks as the flow will see them, and what they began with, permuted alike.
     *
     * @param loss of the networks' task, for alignments that use it
     * @throws IllegalArgumentException if the loss is needed and missing
     */
    static TrainingNetworks align(FlowSpec spec, TrainingNetworks training, Optional<BatchLoss> loss, Seed seed) {
        if (spec.alignment() == FlowSpec.Alignment.NONE) {
            return training;
        }
        LayerLayout layout = LayerLayout.of(training.networks().architecture());
        ZooAlignment.Aligned aligned = fit(spec, training.networks(), loss, seed);
        return new TrainingNetworks(
                aligned.aligned(),
                training.initial().map(begin -> aligned.permutations().apply(layout, begin)));
    }

    /**
     * The training networks as the flow will see them, with the reference to which others can be aligned; not for a flow
     * without alignment.
     *
     * @throws IllegalArgumentException if the loss is needed and missing
     */
    static ZooAlignment.Aligned fit(FlowSpec spec, WeightBatch training, Optional<BatchLoss> loss, Seed seed) {
        LayerLayout layout = LayerLayout.of(training.architecture());
        Reference reference = spec.alignmentReference() == AlignmentReference.FIRST ? Reference.FIRST : Reference.MEAN;
        return ZooAlignment.align(layout, training, matcher(spec, loss), reference, seed);
    }

    private static Matcher matcher(FlowSpec spec, Optional<BatchLoss> loss) {
        return switch (spec.alignment()) {
            case WEIGHT_MATCHING, NONE -> new WeightMatching(MAX_SWEEPS);
            case SINKHORN_L2 -> new SinkhornRebasin(new RebasinObjective.L2());
            case SINKHORN_MID_POINT -> new SinkhornRebasin(new RebasinObjective.MidPoint(needed(spec, loss)));
            case SINKHORN_RANDOM_POINT -> new SinkhornRebasin(new RebasinObjective.RandomPoint(needed(spec, loss)));
        };
    }

    private static BatchLoss needed(FlowSpec spec, Optional<BatchLoss> loss) {
        return loss.orElseThrow(() -> new IllegalArgumentException(
                "alignment (%s) needs the loss of a task. Maybe sinkhorn-l2?".formatted(spec.alignment())));
    }
}
