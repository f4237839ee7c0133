package dev.zooflow.actor;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How the workers of a process show that they live.
 *
 * @param heartbeat time between two signs of life
 * @param stuckAfter times the expected interval without progress after which an attempt counts as stuck
 * @param expected shortest interval that is expected between two signs of progress
 * @param residentMib memory of the process now; 0 where the system does not tell
 */
public record Vitals(Duration heartbeat, int stuckAfter, Duration expected, LongSupplier residentMib) {}
