package dev.zooflow.experiment;

/**
 * Gradients of a task that networks follow while they are generated and afterwards.
 *
 * @param guidance on the way
 * @param refine after the integration
 */
public record GradientsSpec(GuidanceSpec guidance, RefineSpec refine) {}
