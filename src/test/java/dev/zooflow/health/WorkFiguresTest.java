package dev.zooflow.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zooflow.experiment.RunId;
import dev.zooflow.message.Event;
import dev.zooflow.message.EventLog.Recorded;
import dev.zooflow.message.EventRef;
import dev.zooflow.message.Role;
import dev.zooflow.message.TaskEvent;
import dev.zooflow.message.WorkerHeartbeat;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class WorkFiguresTest {

    private static final RunId RUN = new RunId("r");

    /** A clock that is set by hand. */
    private static final class HandClock extends Clock {
        private long millis = 1_000_000;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(millis);
        }
    }

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final HandClock clock = new HandClock();
    private final WorkFigures figures = new WorkFigures(
            registry,
            Set.of(
                    new WorkFigures.Post(Role.TRAINER, "cpu"),
                    new WorkFigures.Post(Role.TRAINER, "cuda:0"),
                    new WorkFigures.Post(Role.SAMPLER, "cpu")),
            clock);

    private static WorkerHeartbeat beat(Role role, String task, long step, double interval) {
        return new WorkerHeartbeat(WorkerHeartbeat.FLEET, "w", role, "cpu", task, step, 2.5, 100, interval);
    }

    private static TaskEvent completed(String task, int attempt) {
        return new TaskEvent.TaskCompleted(RUN, task, Role.TRAINER, attempt, "w", 1);
    }

    private double count(String name, String... tags) {
        return registry.get(name).tags(tags).counter().count();
    }

    @Test
    void attemptsAreCountedByRoleAndOutcome() {
        figures.published(completed("a", 1));
        figures.published(completed("b", 1));
        figures.published(new TaskEvent.TaskFailed(RUN, "c", Role.TRAINER, 1, "w", "x", false));
        figures.published(new TaskEvent.TaskFailed(RUN, "c", Role.SAMPLER, 3, "w", "x", true));
        figures.published(new TaskEvent.TaskSetAside(RUN, "d", Role.TRAINER, 1, "w"));
        figures.published(new TaskEvent.TaskStuck(RUN, "d", Role.TRAINER, 1, "w", 300));
        figures.failed();
        assertThat(count("zooflow.attempts", "role", "trainer", "outcome", "completed"))
                .isEqualTo(2);
        assertThat(count("zooflow.attempts", "role", "trainer", "outcome", "failed"))
                .isOne();
        assertThat(count("zooflow.attempts", "role", "sampler", "outcome", "given-up"))
                .isOne();
        assertThat(count("zooflow.attempts", "role", "trainer", "outcome", "set-aside"))
                .isOne();
        assertThat(count("zooflow.stuck", "role", "trainer")).isOne();
        assertThat(count("zooflow.publish.failures")).isOne();
    }

    @Test
    void heartbeatsTellWhatIsInHand() {
        assertThat(gauge("zooflow.working")).isNaN();
        figures.published(beat(Role.TRAINER, "r/train/a", 120, 5));
        assertThat(gauge("zooflow.working")).isOne();
        assertThat(gauge("zooflow.step")).isEqualTo(120);
        assertThat(gauge("zooflow.steps.per.second")).isEqualTo(2.5);
        assertThat(gauge("zooflow.working", "cuda:0")).isNaN();
        figures.published(beat(Role.TRAINER, "", 0, 5));
        assertThat(gauge("zooflow.working")).isZero();
    }

    private double gauge(String name) {
        return gauge(name, "cpu");
    }

    private double gauge(String name, String device) {
        return registry.get(name)
                .tags("role", "trainer", "device", device)
                .gauge()
                .value();
    }

    @Test
    void aWorkerWithoutHeartbeatIsNotAlive() {
        clock.millis += 29_000;
        assertThat(figures.alive().problem()).isEmpty();
        figures.published(beat(Role.TRAINER, "", 0, 5));
        clock.millis += 2_000;
        assertThat(figures.alive().problem())
                .hasValueSatisfying(p -> assertThat(p)
                        .contains("sampler on cpu for 31 s", "trainer on cuda:0 for 31 s")
                        .doesNotContain("trainer on cpu"));
        figures.published(new WorkerHeartbeat(WorkerHeartbeat.FLEET, "w", Role.TRAINER, "cuda:0", "", 0, 2.5, 100, 60));
        figures.published(beat(Role.SAMPLER, "", 0, 60));
        assertThat(figures.alive().problem()).isEmpty();
        clock.millis += 100_000;
        assertThat(figures.alive().problem())
                .hasValueSatisfying(
                        p -> assertThat(p).contains("trainer on cpu for 102 s").doesNotContain("sampler"));
    }

    @Test
    void aResultAfterAnothersIsFencedUnlessItIsHistory() {
        Consumer<Recorded> late = figures.lateResults();
        late.accept(recorded(completed("a", 1), clock.millis - 5));
        late.accept(recorded(completed("a", 2), clock.millis - 1));
        late.accept(recorded(completed("b", 2), clock.millis));
        assertThat(registry.find("zooflow.fenced").counter()).isNull();
        late.accept(recorded(completed("b", 2), clock.millis + 1));
        assertThat(registry.find("zooflow.fenced").counter()).isNull();
        late.accept(recorded(completed("b", 1), clock.millis + 1));
        late.accept(recorded(completed("b", 1), clock.millis + 2));
        Consumer<Recorded> reader = figures.lateResults();
        reader.accept(recorded(completed("b", 2), clock.millis));
        reader.accept(recorded(completed("b", 1), clock.millis + 1));
        assertThat(count("zooflow.fenced", "role", "trainer")).isOne();
    }

    private static Recorded recorded(Event event, long millis) {
        return new Recorded(event, new EventRef(event.topic(), 0, 0), millis);
    }
}
