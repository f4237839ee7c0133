package dev.zooflow.message;

import java.io.IOException;

/** A blob store that can't be reached or read, or refuses: the fault of the surroundings, and of no message and no blob. */
public final class StoreUnavailableException extends IOException {

    private static final long serialVersionUID = 1;

    /** One with this message, which names the store. */
    public StoreUnavailableException(String message) {
        super(message);
    }

    /** One with this message, which names the store, and what revealed it. */
    public StoreUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
