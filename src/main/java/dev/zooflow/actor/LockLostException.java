package dev.zooflow.actor;

/** An attempt ended because another worker may have the task by now. */
final class LockLostException extends RuntimeException {

    private static final long serialVersionUID = 1;

    LockLostException(Throwable cause) {
        super("the lock on the task was lost, so that this attempt was fenced off", cause);
    }
}
