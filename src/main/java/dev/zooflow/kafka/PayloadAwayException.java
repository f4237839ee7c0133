package dev.zooflow.kafka;

import dev.zooflow.message.StoreUnavailableException;
import java.io.UncheckedIOException;

/** A record's payload is in a blob store that doesn't answer now; another time it may be there. */
final class PayloadAwayException extends UncheckedIOException {

    private static final long serialVersionUID = 1L;

    PayloadAwayException(StoreUnavailableException cause) {
        super(cause.getMessage(), cause);
    }
}
