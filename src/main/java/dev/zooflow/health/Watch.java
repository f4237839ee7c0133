package dev.zooflow.health;

import dev.zooflow.experiment.UserError;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Looks at something elsewhere again and again on a daemon thread of its own, so that whoever asks for it need not wait, and
 * it is not asked more often when many ask.
 */
public final class Watch<T> implements Check, AutoCloseable {

    private final String name;
    private final Duration every;
    private final Supplier<T> look;
    private final ScheduledExecutorService thread;
    private volatile Optional<T> latest = Optional.empty();
    private volatile String problem = "";

    private Watch(String name, Duration every, Supplier<T> look) {
        this.name = name;
        this.every = every;
        this.look = look;
        thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread t = new Thread(task, "watch-" + name);
            t.setDaemon(true);
            return t;
        });
    }

    /**
     * Begins to look.
     *
     * @param every pause between two looks
     * @param look throws when there is nothing to be seen
     */
    public static <T> Watch<T> start(String name, Duration every, Supplier<T> look) {
        Watch<T> watch = new Watch<>(name, every, look);
        watch.begin();
        return watch;
    }

    private void begin() {
        ScheduledFuture<?> unused =
                thread.scheduleWithFixedDelay(this::take, 0, every.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void take() {
        try {
            latest = Optional.of(look.get());
            problem = "";
        } catch (UserError e) {
            fail(e.getMessage());
        } catch (RuntimeException e) {
            fail(e.toString());
        }
    }

    private void fail(String reason) {
        latest = Optional.empty();
        problem = "%s: %s".formatted(name, String.valueOf(reason).replaceAll("\\s*\\R\\s*", " "));
    }

    /** What the latest look saw; empty when it saw nothing, and before the first. */
    public Optional<T> latest() {
        return latest;
    }

    @Override
    public Optional<String> problem() {
        return Optional.of(problem).filter(p -> !p.isEmpty());
    }

    /** Looks no more. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
