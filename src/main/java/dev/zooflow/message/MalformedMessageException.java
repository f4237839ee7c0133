package dev.zooflow.message;

/** A record that is no valid message and never will be: it belongs on the dead-letter topic, not in another attempt. */
public class MalformedMessageException extends Exception {

    /** With what is wrong. */
    public MalformedMessageException(String message) {
        super(message);
    }

    /** With what is wrong and the parser's own complaint. */
    public MalformedMessageException(String message, Throwable cause) {
        super(message, cause);
    }
}
