package dev.zooflow.experiment;

import java.util.List;

/**
 * How generated networks are judged.
 *
 * @param networks of each baseline group
 * @param barrierNetworks in each loss-barrier heat map
 * @param export generated networks of each flow written to the run directory
 * @param calibrationBins of the expected calibration error
 * @param likelihood of training and held-out networks under each flow
 * @param refinement numbers of gradient steps after which random, soup and generated networks are scored once more
 */
public record EvaluationSpec(
        int networks,
        int barrierNetworks,
        int export,
        int calibrationBins,
        LikelihoodSpec likelihood,
        List<Integer> refinement) {

    /** Copies the list. */
    public EvaluationSpec {
        refinement = List.copyOf(refinement);
    }
}
