package dev.zooflow.mlflow;

import java.io.IOException;

/** The server understood a request and will not have it: to send it again changes nothing. */
final class RefusedException extends IOException {

    private static final long serialVersionUID = 1;

    private final String code;

    /**
     * A refusal.
     *
     * @param code of MLflow, {@code RESOURCE_DOES_NOT_EXIST} for example; empty where the server gave none
     */
    RefusedException(String code, String message) {
        super(message);
        this.code = code;
    }

    String code() {
        return code;
    }
}
