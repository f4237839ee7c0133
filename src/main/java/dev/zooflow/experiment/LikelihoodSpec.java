package dev.zooflow.experiment;

/**
 * How the likelihood of trained networks under a flow is measured.
 *
 * @param networks at most so many training networks and as many held-out ones; 0 is not at all
 * @param solver that follows the flow backwards, with fixed steps
 * @param steps of integration
 * @param probes with which the divergence is estimated; the standard error needs two
 * @param end time T in (0, 1) at which the density is taken: the density of networks of which the flow has removed all but
 *     a share 1 − T of the source
 */
public record LikelihoodSpec(int networks, SamplingSpec.Solver solver, int steps, int probes, double end) {

    /** Whether anything is measured under this flow: a Normalized one has no density. */
    public boolean appliesTo(FlowSpec flow) {
        return networks > 0 && flow.geometry() != FlowSpec.Geometry.NORMALIZED;
    }
}
