package dev.zooflow.message;

/** Bytes that are no valid safetensors file. The message says what is wrong and where. */
public final class SafeTensorsException extends IllegalArgumentException {

    /** With what is wrong. */
    public SafeTensorsException(String message) {
        super(message);
    }

    /** With what is wrong and the parser's own complaint. */
    public SafeTensorsException(String message, Throwable cause) {
        super(message, cause);
    }
}
