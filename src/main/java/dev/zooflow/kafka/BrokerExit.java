package dev.zooflow.kafka;

import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.internals.Exit;

/**
 * Keeps Kafka from ending this process: a broker that gives up (all log directories failed, a fatal fault) calls Kafka's
 * own exit procedures, which are the same for the whole process. Here they tell every embedded broker instead.
 */
final class BrokerExit {

    private static final Set<Consumer<String>> LISTENERS = new CopyOnWriteArraySet<>();

    /** Ends the broker thread that wanted to end the process. */
    private static final class BrokerGaveUp extends RuntimeException {
        BrokerGaveUp(String message) {
            super(message);
        }
    }

    private BrokerExit() {}

    /** From now on the listener is told why a broker gave up. */
    static void listen(Consumer<String> listener) {
        Exit.setExitProcedure(BrokerExit::report);
        Exit.setHaltProcedure(BrokerExit::report);
        LISTENERS.add(listener);
    }

    static void forget(Consumer<String> listener) {
        LISTENERS.remove(listener);
    }

    private static void report(int status, String message) {
        String reason = message == null ? "the broker gave up with status " + status : message;
        LISTENERS.forEach(listener -> listener.accept(reason));
        throw new BrokerGaveUp(reason);
    }
}
