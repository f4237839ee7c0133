package dev.zooflow.kafka;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the brokers until they answer: they may be away for minutes and come back, and whoever reads the log has nothing better
 * to do meanwhile.
 *
 * @param over whether nobody waits for an answer any more
 */
record Patience(BooleanSupplier over) {

    private static final Logger LOG = LoggerFactory.getLogger(Patience.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /**
     * The answer.
     *
     * @throws KafkaException when it is a failure that time does not mend, or nobody waits any more
     */
    <T> T ask(Supplier<T> question) {
        while (true) {
            try {
                return question.get();
            } catch (RetriableException e) {
                check(e);
                LOG.warn("brokers don't answer, trying again: {}", e.getMessage());
                Threads.sleep(PAUSE);
            }
        }
    }

    /** Goes on unless nobody waits any more. */
    void check(KafkaException failure) {
        if (over.getAsBoolean() || Thread.currentThread().isInterrupted()) {
            throw failure;
        }
    }
}
