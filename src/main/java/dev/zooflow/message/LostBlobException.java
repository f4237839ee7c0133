package dev.zooflow.message;

import java.io.IOException;

/**
 * A blob or a name that a store could look for, and that is missing or damaged: another look shows the same. Whatever else
 * goes wrong when reading says nothing about what is there.
 */
public final class LostBlobException extends IOException {

    private static final long serialVersionUID = 1;

    /** One with this message, which names the blob and where it should be. */
    public LostBlobException(String message) {
        super(message);
    }

    /** One with this message and what revealed it. */
    public LostBlobException(String message, Throwable cause) {
        super(message, cause);
    }
}
