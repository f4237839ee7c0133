package dev.zooflow.message;

/** A message of a type, or of a major version of a type, that this program doesn't know. The message names it. */
public final class UnsupportedTypeException extends MalformedMessageException {

    /** With the type and what is known instead. */
    public UnsupportedTypeException(String message) {
        super(message);
    }
}
