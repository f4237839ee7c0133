package dev.zooflow.message;

import dev.zooflow.experiment.RunId;

/**
 * A worker is alive. The latest counts, and compaction keeps it alone.
 *
 * @param run always {@link #FLEET}: workers belong to no run
 * @param worker its process
 * @param role what it does there
 * @param device that it computes on
 * @param task {@code <run>/<task>} in hand; empty when idle
 * @param step that the task has come to; 0 before it tells
 * @param rate steps per second lately; 0 before two were told
 * @param residentMib memory of the process, 0 where the system does not tell
 * @param interval seconds until the next one
 */
public record WorkerHeartbeat(
        RunId run,
        String worker,
        Role role,
        String device,
        String task,
        long step,
        double rate,
        long residentMib,
        double interval)
        implements Event {

    /** What stands for the run in heartbeats. */
    public static final RunId FLEET = new RunId("fleet");

    @Override
    public String id() {
        return "heartbeat/%s/%s".formatted(worker, role.id());
    }

    @Override
    public Topic topic() {
        return Topic.WORKERS;
    }
}
