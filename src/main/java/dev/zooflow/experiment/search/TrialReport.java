package dev.zooflow.experiment.search;

/**
 * What was told of a trial on its way.
 *
 * @param trial its name
 * @param time of its training, in the unit of the rule
 * @param utility larger is better
 */
public record TrialReport(String trial, double time, double utility) {}
