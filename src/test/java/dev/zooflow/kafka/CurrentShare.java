package dev.zooflow.kafka;

import dev.zooflow.experiment.RunId;
import dev.zooflow.message.EventLog.Recorded;
import dev.zooflow.message.EventLog.Share;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * Tells when everything was read.
 *
 * @param current completes then
 */
record CurrentShare(CompletableFuture<Boolean> current) implements Share {

    @Override
    public void observe(Recorded recorded) {}

    @Override
    public void current(boolean now) {
        if (now) {
            current.complete(true);
        }
    }

    @Override
    public void withdraw(Predicate<RunId> runs) {}
}
