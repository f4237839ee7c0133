package dev.zooflow.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zooflow.experiment.UserError;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.SynchronousQueue;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class WatchTest {

    private final SynchronousQueue<Supplier<Integer>> looks = new SynchronousQueue<>();
    private final List<String> known = new CopyOnWriteArrayList<>();

    private int look() {
        try {
            return looks.take().get();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A look that first notes what is known of the one before. */
    private void put(Watch<Integer> watch, Supplier<Integer> look) throws InterruptedException {
        looks.put(() -> {
            known.add(watch.latest() + " " + watch.problem());
            return look.get();
        });
    }

    @Test
    @Timeout(60)
    void tellsTheLatestLookOrWhyThereIsNone() throws Exception {
        try (Watch<Integer> watch = Watch.start("brokers", Duration.ofMillis(1), this::look)) {
            put(watch, () -> 3);
            put(watch, () -> {
                throw UserError.infrastructure("bootstrap-servers (x): no\nanswer");
            });
            put(watch, () -> {
                throw new IllegalStateException("x");
            });
            put(watch, () -> 4);
            put(watch, () -> 5);
            looks.put(() -> 6);
        }
        assertThat(known)
                .containsExactly(
                        "Optional.empty Optional.empty",
                        "Optional[3] Optional.empty",
                        "Optional.empty Optional[brokers: bootstrap-servers (x): no answer]",
                        "Optional.empty Optional[brokers: java.lang.IllegalStateException: x]",
                        "Optional[4] Optional.empty");
    }
}
