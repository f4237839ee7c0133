package dev.zooflow.experiment;

import java.util.Optional;

/**
 * One flow, that is one trial: geometry, path, coupling, backbone and training budget.
 *
 * @param name unique in the experiment
 * @param geometry space and path
 * @param alignment of the zoo to its reference before the flow sees it
 * @param alignmentReference what the zoo is aligned to
 * @param temperature what canonicalisation does with the norm of the last layer
 * @param prediction what the backbone's output means
 * @param coupling of x0 and x1 within a mini-batch
 * @param time distribution of t
 * @param sigma noise on the Euclidean path
 * @param sourceScale of x0, as a multiple of {@link ZooSpec#initialStd}
 * @param zooTrajectories how many training trajectories, from the first, it learns from; 0 is all
 * @param backbone the vector field's network
 * @param training budget and optimiser
 * @param sampling of its own; empty where it is sampled as all are
 * @param transfer gradients of its own towards the other task; empty where it follows those of all
 */
public record FlowSpec(
        String name,
        Geometry geometry,
        Alignment alignment,
        AlignmentReference alignmentReference,
        Temperature temperature,
        Prediction prediction,
        CouplingKind coupling,
        TimeDistribution time,
        double sigma,
        double sourceScale,
        int zooTrajectories,
        BackboneSpec backbone,
        TrainingSpec training,
        Optional<SamplingSpec> sampling,
        Optional<GradientsSpec> transfer) {

    /** The same flow with another training. */
    public FlowSpec with(TrainingSpec other) {
        return with(other, sampling, transfer);
    }

    /** The same flow with another sampling and transfer of its own. */
    public FlowSpec with(Optional<SamplingSpec> ownSampling, Optional<GradientsSpec> ownTransfer) {
        return with(training, ownSampling, ownTransfer);
    }

    /** What of it is trained: the same flow, sampled and transferred as all are. */
    public FlowSpec trained() {
        return with(Optional.empty(), Optional.empty());
    }

    private FlowSpec with(
            TrainingSpec otherTraining, Optional<SamplingSpec> otherSampling, Optional<GradientsSpec> otherTransfer) {
        return new FlowSpec(
                name,
                geometry,
                alignment,
                alignmentReference,
                temperature,
                prediction,
                coupling,
                time,
                sigma,
                sourceScale,
                zooTrajectories,
                backbone,
                otherTraining,
                otherSampling,
                otherTransfer);
    }

    /** The three flows of the thesis. */
    public enum Geometry {
        /** Raw aligned weights, straight paths. */
        EUCLIDEAN,
        /** Canonical weights as data, straight paths in the ambient space. */
        NORMALIZED,
        /** Canonical weights on the product of spheres, geodesic paths. */
        GEOMETRIC
    }

    /** How the zoo is aligned. */
    public enum Alignment {
        WEIGHT_MATCHING,
        /** Sinkhorn re-basin by distance in weight space. */
        SINKHORN_L2,
        /** Sinkhorn re-basin by the task loss midway to the reference. */
        SINKHORN_MID_POINT,
        /** Sinkhorn re-basin by the task loss at random points on the way to the reference. */
        SINKHORN_RANDOM_POINT,
        NONE;

        /** Whether it looks at the task's training split. */
        public boolean usesTask() {
            return this == SINKHORN_MID_POINT || this == SINKHORN_RANDOM_POINT;
        }
    }

    /** What the zoo is aligned to. */
    public enum AlignmentReference {
        /** The mean of the aligned zoo, found by turns. */
        MEAN,
        /** The zoo's first network. */
        FIRST
    }

    /** What becomes of log‖W_L‖ when the last layer is put on its unit sphere. */
    public enum Temperature {
        /** One more Euclidean coordinate. */
        KEEP,
        /** Thrown away, as in the thesis. */
        UNIT
    }

    /** What the backbone predicts. */
    public enum Prediction {
        X1,
        /** The end point as its best linear guess from xt plus the backbone's output. */
        X1_PRECONDITIONED,
        VELOCITY;

        /** Whether it is the end point of the path. */
        public boolean endPoint() {
            return this != VELOCITY;
        }
    }

    /** How x0 and x1 are paired. */
    public enum CouplingKind {
        INDEPENDENT,
        OPTIMAL_TRANSPORT,
        /**
         * Each trained network with the initial weights from which it was trained; generated networks start at fresh initial
         * weights whose hidden neurons are permuted to match the zoo's.
         */
        TRAJECTORY,
        /** Independent pairs; the hidden neurons of x0 are permuted to match the zoo's. */
        PERMUTATION_AWARE,
        /** Optimal transport after the hidden neurons of x0 have been permuted to match the zoo's. */
        PERMUTATION_AWARE_TRANSPORT;

        /** Whether neurons of a fresh x0 are permuted. */
        public boolean permutationAware() {
            return this == TRAJECTORY || this == PERMUTATION_AWARE || this == PERMUTATION_AWARE_TRANSPORT;
        }
    }

    /** How t is drawn. */
    public enum TimeDistribution {
        /** Beta(1, 2), density 2(1−t). */
        BETA,
        UNIFORM
    }
}
