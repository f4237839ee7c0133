package dev.zooflow.kafka;

import dev.zooflow.message.StoreUnavailableException;
import org.apache.kafka.common.errors.RetriableException;

/** A record's payload is in a blob store that doesn't answer now: it may be there another time, and must not be given up. */
final class PayloadAwayException extends RetriableException {

    private static final long serialVersionUID = 1L;

    PayloadAwayException(StoreUnavailableException cause) {
        super(cause.getMessage(), cause);
    }
}
