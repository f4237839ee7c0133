package dev.zooflow.report;

import dev.zooflow.message.Role;

/**
 * What became of a task.
 *
 * @param task its id
 * @param role that does it
 * @param status so far
 * @param attempts that were started
 * @param worker of the completed or latest attempt; empty before the first
 * @param seconds the completed attempt took; 0 before
 * @param reason of the latest failure, or of the early stop; empty without one
 */
public record TaskState(
        String task, Role role, Status status, int attempts, String worker, double seconds, String reason) {

    /** Stages of a task's life. */
    public enum Status {
        /** Taken off its queue without an end: the coordinator will queue it again when it is wanted. */
        WAITING,
        QUEUED,
        RUNNING,
        COMPLETED,
        /** Its trial was stopped early. */
        STOPPED,
        /** Given up. */
        FAILED
    }
}
