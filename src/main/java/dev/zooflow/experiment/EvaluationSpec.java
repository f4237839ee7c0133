package dev.zooflow.experiment;

/**
 * How generated networks are judged.
 *
 * @param networks of each baseline group
 * @param barrierNetworks in each loss-barrier heat map
 * @param export generated networks of each flow written to the run directory
 * @param calibrationBins of the expected calibration error
 * @param likelihood of training and held-out networks under each flow
 */
public record EvaluationSpec(
        int networks, int barrierNetworks, int export, int calibrationBins, LikelihoodSpec likelihood) {}
