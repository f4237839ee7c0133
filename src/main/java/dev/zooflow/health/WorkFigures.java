package dev.zooflow.health;

import dev.zooflow.message.Event;
import dev.zooflow.message.EventLog.Recorded;
import dev.zooflow.message.EventRef;
import dev.zooflow.message.Role;
import dev.zooflow.message.TaskEvent.TaskCompleted;
import dev.zooflow.message.TaskEvent.TaskFailed;
import dev.zooflow.message.TaskEvent.TaskSetAside;
import dev.zooflow.message.TaskEvent.TaskStuck;
import dev.zooflow.message.WorkerHeartbeat;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/**
 * What the workers and coordinators of a process do, told by their events that the brokers hold: attempts by role and
 * outcome, what is in hand, steps, stuck attempts, results that came too late, and what could not be published. Thread-safe.
 */
public final class WorkFigures {

    private static final int MOST_LATE = 10_000;

    private final MeterRegistry registry;
    private final Beats beats;
    private final Clock clock;
    private final Counter failures;
    private final Set<EventRef> late = new LinkedHashSet<>();

    /**
     * Where one worker works.
     *
     * @param device on which it computes
     */
    public record Post(Role role, String device) {}

    /** Figures of the workers on these posts. */
    public WorkFigures(Figures figures, Set<Post> posts) {
        this(figures.registry(), posts, Clock.systemUTC());
    }

    WorkFigures(MeterRegistry registry, Set<Post> posts, Clock clock) {
        this.registry = registry;
        this.clock = clock;
        beats = new Beats(posts, clock);
        failures = Counter.builder("zooflow.publish.failures")
                .description("Messages that the brokers did not take")
                .register(registry);
        posts.forEach(this::register);
    }

    private void register(Post post) {
        gauge(
                post,
                "zooflow.working",
                "1 while a task is in hand",
                b -> b.task().isEmpty() ? 0 : 1);
        gauge(post, "zooflow.step", "Step that the task in hand has come to", WorkerHeartbeat::step);
        gauge(post, "zooflow.steps.per.second", "Steps of the task in hand, lately", WorkerHeartbeat::rate);
    }

    private void gauge(Post post, String name, String text, ToDoubleFunction<WorkerHeartbeat> value) {
        Gauge.builder(name, beats, b -> b.latest(post).map(value::applyAsDouble).orElse(Double.NaN))
                .tag("role", post.role().id())
                .tag("device", post.device())
                .description(text)
                .register(registry);
    }

    /** Whether every worker shows life. */
    public Check alive() {
        return beats;
    }

    /** The brokers hold this event. */
    void published(Event event) {
        if (event instanceof WorkerHeartbeat beat) {
            beats.on(beat);
        } else if (event instanceof TaskCompleted e) {
            attempt(e.role(), "completed");
        } else if (event instanceof TaskFailed e) {
            attempt(e.role(), e.last() ? "given-up" : "failed");
        } else if (event instanceof TaskSetAside e) {
            attempt(e.role(), "set-aside");
        } else if (event instanceof TaskStuck e) {
            count(
                    "zooflow.stuck",
                    "Attempts that made no progress",
                    "role",
                    e.role().id());
        }
    }

    private void attempt(Role role, String outcome) {
        count("zooflow.attempts", "Attempts at tasks that ended", "role", role.id(), "outcome", outcome);
    }

    private void count(String name, String text, String... tags) {
        Counter.builder(name).description(text).tags(tags).register(registry).increment();
    }

    /** A message did not reach the brokers. */
    void failed() {
        failures.increment();
    }

    /** Counts what comes too late in the events of one run, read from the first on; what stood there before is history. */
    Consumer<Recorded> lateResults() {
        long since = clock.millis();
        Map<String, Set<Integer>> completed = new HashMap<>();
        return recorded -> {
            if (recorded.event() instanceof TaskCompleted e) {
                Set<Integer> attempts = completed.computeIfAbsent(e.task(), task -> new HashSet<>());
                if (attempts.add(e.attempt())
                        && attempts.size() > 1
                        && recorded.epochMillis() >= since
                        && firstSeen(recorded.ref())) {
                    count(
                            "zooflow.fenced",
                            "Results that came after another attempt's",
                            "role",
                            e.role().id());
                }
            }
        };
    }

    /** Several readers of one run see the same; of very many the oldest are forgotten. */
    private boolean firstSeen(EventRef ref) {
        synchronized (late) {
            boolean first = late.add(ref);
            if (late.size() > MOST_LATE) {
                Iterator<EventRef> oldest = late.iterator();
                oldest.next();
                oldest.remove();
            }
            return first;
        }
    }
}
