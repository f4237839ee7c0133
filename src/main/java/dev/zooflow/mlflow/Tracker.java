package dev.zooflow.mlflow;

import dev.zooflow.experiment.RunId;
import dev.zooflow.message.EventLog;
import dev.zooflow.message.EventLog.Recorded;
import dev.zooflow.message.EventLog.Subscription;
import dev.zooflow.message.Topic;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows one run and tells the server, on a daemon thread of its own. While the server is away it tries again, more and more
 * seldom; what happens meanwhile stays in the log of the run, as little of it is read ahead.
 */
final class Tracker {

    private static final Logger LOG = LoggerFactory.getLogger(Tracker.class);
    private static final int MOST_WAITING = 1_000;

    private final EventLog log;
    private final RunId run;
    private final Session session;
    private final Pace pace;
    private final Mirror mirror = new Mirror();
    private final BlockingQueue<Recorded> events = new ArrayBlockingQueue<>(MOST_WAITING);
    private final Thread thread;
    private volatile boolean closing;
    private volatile boolean abandoned;
    private boolean away;

    /**
     * How long things take.
     *
     * @param gather how long events are gathered before the server is told
     * @param pause after the first try that failed; each after it is twice as long
     * @param longestPause at most
     * @param linger after the end of a run, before the tracker ends by itself
     */
    record Pace(Duration gather, Duration pause, Duration longestPause, Duration linger) {
        static final Pace DEFAULT =
                new Pace(Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofMinutes(1), Duration.ofMinutes(1));
    }

    private Tracker(EventLog log, RunId run, Session session, Pace pace) {
        this.log = log;
        this.run = run;
        this.session = session;
        this.pace = pace;
        thread = new Thread(this::track, "mlflow-" + run);
        thread.setDaemon(true);
    }

    static Tracker start(EventLog log, RunId run, Session session, Pace pace) {
        Tracker tracker = new Tracker(log, run, session, pace);
        tracker.thread.start();
        return tracker;
    }

    boolean isDone() {
        return !thread.isAlive();
    }

    /** Reads what is there now, and no more. */
    void finish() {
        closing = true;
    }

    /** Tells what is still to be told, within so long. */
    void close(Duration most) {
        finish();
        try {
            thread.join(Math.max(1, most.toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            LOG.warn("MLflow was not told of all of run {}", run);
            abandon();
        }
    }

    /** Tells nothing more: others do. */
    void abandon() {
        abandoned = true;
        thread.interrupt();
    }

    private void track() {
        Subscription subscription = log.follow(run, Mirror.TOPICS, this::take);
        boolean finished;
        try {
            finished = follow();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        } finally {
            subscription.close();
        }
        if (finished) {
            last();
        }
    }

    /** Tells what happens until it is told to finish, and then true; the server's refusal or a long silence end it, too. */
    private boolean follow() throws InterruptedException {
        long quietSince = System.nanoTime();
        while (!closing && !abandoned) {
            if (gather() > 0) {
                quietSince = System.nanoTime();
            }
            boolean quiet = System.nanoTime() - quietSince > pace.linger().toNanos();
            if (!told() || (quiet && mirror.end().isPresent())) {
                return false;
            }
        }
        return closing && !abandoned;
    }

    /** The end must not be missed: it may not have been read before the subscription ended. */
    private void last() {
        try {
            for (Topic topic : Mirror.TOPICS) {
                log.replay(run, topic, mirror::on);
            }
            told();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.warn("MLflow may not know the end of run {}: {}", run, e.getMessage());
        }
    }

    /** Waits for room, so that no more is read than can be told. */
    private void take(Recorded recorded) {
        try {
            while (!closing && !abandoned && !isDone()) {
                if (events.offer(recorded, 1, TimeUnit.SECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int gather() throws InterruptedException {
        List<Recorded> taken = new ArrayList<>();
        long end = System.nanoTime() + pace.gather().toNanos();
        while (!closing && !abandoned && taken.size() < MOST_WAITING && System.nanoTime() < end) {
            Recorded next = events.poll(100, TimeUnit.MILLISECONDS);
            if (next != null) {
                taken.add(next);
            }
        }
        taken.forEach(mirror::on);
        return taken.size();
    }

    /** Whether there is more to tell some time; tries until the server was told. */
    private boolean told() throws InterruptedException {
        if (mirror.submission().isEmpty()) {
            return true;
        }
        Duration wait = pace.pause();
        while (!abandoned) {
            try {
                session.open(mirror, mirror.submission().get());
                session.push(mirror);
                back();
                return true;
            } catch (RefusedException e) {
                LOG.warn(
                        "MLflow is not told of run {}: {}. Maybe another mlflow.tracking-uri, or other credentials?",
                        run,
                        e.getMessage());
                return false;
            } catch (IOException e) {
                away(e);
            }
            TimeUnit.MILLISECONDS.sleep(wait.toMillis());
            wait = wait.multipliedBy(2).compareTo(pace.longestPause()) < 0 ? wait.multipliedBy(2) : pace.longestPause();
        }
        return false;
    }

    private void away(IOException e) {
        if (!away) {
            away = true;
            LOG.warn("MLflow is told of run {} later: {}. Maybe it does not run?", run, e.getMessage());
        }
    }

    private void back() {
        if (away) {
            away = false;
            LOG.info("MLflow is told of run {} again", run);
        }
    }
}
