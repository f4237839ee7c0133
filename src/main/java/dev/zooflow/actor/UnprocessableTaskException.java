package dev.zooflow.actor;

/** A task that no worker can ever do: its content contradicts itself or points to what is not there. */
public final class UnprocessableTaskException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** One with this reason. */
    public UnprocessableTaskException(String reason) {
        super(reason);
    }

    /** One with this reason and what revealed it. */
    public UnprocessableTaskException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
