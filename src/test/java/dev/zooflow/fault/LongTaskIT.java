package dev.zooflow.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zooflow.message.TaskEvent;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A task that takes many times as long as its lock. */
@Tag("faults")
class LongTaskIT extends AbstractFaultIT {

    private static final int LOCKS = 20;
    private static final Duration LOCK_HERE = Duration.ofSeconds(2);

    @Override
    String settings() {
        return "zooflow { kafka.lock-duration = 2 s, worker { threads = 1, heartbeat = 1 s } }";
    }

    @Test
    void itIsDeliveredOnce() {
        addWorker();
        addWorker();
        String experiment = Experiments.of(1, 0)
                .replace("steps = 0, time = 0", "steps = 0, time = %d s".formatted(LOCKS * LOCK_HERE.toSeconds()));
        fleet().submit("long", experiment);
        try (Progress progress = fleet().progress("long")) {
            progress.awaitEnd(END);
        }
        Evidence evidence = fleet().evidence("long");
        Account.of(evidence).assertExactlyOnce();
        assertThat(evidence.of(TaskEvent.TaskStarted.class).filter(e -> e.task().equals("train/f0")))
                .hasSize(1);
        assertThat(evidence.of(TaskEvent.TaskCompleted.class)
                        .filter(e -> e.task().equals("train/f0")))
                .singleElement()
                .satisfies(e -> assertThat(e.seconds()).isGreaterThan(1.0 * LOCKS * LOCK_HERE.toSeconds()));
    }
}
