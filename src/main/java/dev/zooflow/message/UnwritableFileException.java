package dev.zooflow.message;

import java.io.IOException;

/** A file that can't be written, because the disk is full, for example: the fault of this machine and of no message. */
public final class UnwritableFileException extends IOException {

    private static final long serialVersionUID = 1;

    /** One with this message, which names the file, and what revealed it. */
    public UnwritableFileException(String message, IOException cause) {
        super(message, cause);
    }
}
