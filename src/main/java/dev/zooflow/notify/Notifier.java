package dev.zooflow.notify;

import dev.zooflow.experiment.RunId;
import dev.zooflow.message.EventLog;
import dev.zooflow.message.EventLog.Recorded;
import dev.zooflow.message.EventLog.Share;
import dev.zooflow.message.EventLog.Subscription;
import dev.zooflow.message.EventRef;
import dev.zooflow.message.Groups;
import dev.zooflow.message.RunEvent.RunNotified;
import dev.zooflow.message.Topic;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells what happens in the runs that this process coordinates. That an event was told stands in the log of its run as
 * {@link RunNotified}, so that whoever takes the run over, or begins anew, does not tell it again. An event is told once,
 * but for one case: when the process dies, or loses the run to another, after somebody was told and before the log holds that,
 * it is told again with the same id. What no channel takes in three tries is logged and told no more.
 */
public final class Notifier implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Notifier.class);

    /** For closing when the process is to end soon. */
    public static final Duration HASTE = Duration.ofSeconds(4);

    private final EventLog log;
    private final Desk desk;
    private final Clock clock;
    private final Courier courier;
    private final Duration patience;
    private Subscription subscription = () -> {};
    private Runnable last = () -> {};

    /**
     * How long things take.
     *
     * @param timeout of one try
     * @param pause before the second try
     * @param patience of closing
     */
    record Pace(Duration timeout, Duration pause, Duration patience) {
        /** Nobody tells the rest of a run that ends with its process. */
        static final Pace OF_RUN = new Pace(Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofSeconds(20));

        /** Others tell the rest. */
        static final Pace OF_FLEET = new Pace(Duration.ofSeconds(5), Duration.ofSeconds(1), HASTE);
    }

    private Notifier(EventLog log, NotifySettings settings, Desk desk, Pace pace, Clock clock) {
        this.log = log;
        this.desk = desk;
        this.clock = clock;
        courier = new Courier(channels(settings, pace), pace.pause(), this::told);
        patience = pace.patience();
    }

    private static List<Channel> channels(NotifySettings settings, Pace pace) {
        List<Channel> channels = new ArrayList<>();
        settings.webhook().ifPresent(address -> channels.add(new Webhook(address, pace.timeout())));
        if (!settings.command().isEmpty()) {
            channels.add(new Program(settings.command(), pace.timeout()));
        }
        return channels;
    }

    /**
     * Tells what happens in one run, which this process coordinates.
     *
     * @param log outlives the notifier
     */
    public static Notifier ofRun(EventLog log, RunId run, NotifySettings settings) {
        return ofRun(log, run, settings, Pace.OF_RUN, Clock.systemUTC());
    }

    static Notifier ofRun(EventLog log, RunId run, NotifySettings settings, Pace pace, Clock clock) {
        Notifier notifier = new Notifier(log, settings, new Desk(settings, false), pace, clock);
        if (settings.enabled()) {
            notifier.follow(run);
        }
        return notifier;
    }

    /**
     * Tells what happens in a part of the runs that were submitted to the fleet, divided among all processes that do this.
     *
     * @param log outlives the notifier
     */
    public static Notifier ofFleet(EventLog log, NotifySettings settings) {
        return ofFleet(log, settings, Pace.OF_FLEET, Clock.systemUTC());
    }

    static Notifier ofFleet(EventLog log, NotifySettings settings, Pace pace, Clock clock) {
        Notifier notifier = new Notifier(log, settings, new Desk(settings, true), pace, clock);
        if (settings.enabled()) {
            notifier.share();
        }
        return notifier;
    }

    /** What was told before must be known before anything is; and the end of the run must not be missed. */
    private void follow(RunId run) {
        last = () -> {
            log.replay(run, Topic.RUNS, this::read);
            tell();
        };
        last.run();
        subscription = log.follow(run, Set.of(Topic.RUNS), recorded -> {
            read(recorded);
            tell();
        });
    }

    private void share() {
        subscription = log.share(Groups.NOTIFIERS, new Share() {
            private boolean current;

            @Override
            public void observe(Recorded recorded) {
                read(recorded);
                if (current) {
                    tell();
                }
            }

            @Override
            public void current(boolean now) {
                current = now;
                if (now) {
                    tell();
                }
            }

            @Override
            public void withdraw(Predicate<RunId> runs) {
                forget(runs);
            }
        });
    }

    private synchronized void read(Recorded recorded) {
        desk.on(recorded);
    }

    private synchronized void tell() {
        desk.take(clock.instant(), courier.room()).forEach(courier::send);
    }

    private synchronized void forget(Predicate<RunId> runs) {
        desk.drop(runs);
        courier.forget(runs);
    }

    private void told(Notice notice) {
        log.publish(new RunNotified(notice.run(), notice.about())).exceptionally(e -> {
            LOG.warn("that {} was told is not in the log: {}", notice.id(), e.toString());
            return new EventRef(Topic.RUNS, 0, 0);
        });
    }

    /** Tells what is still to be told, within some seconds. */
    @Override
    public void close() {
        close(patience);
    }

    /** As {@link #close()}, for so long. */
    public void close(Duration most) {
        long end = System.nanoTime() + most.toNanos();
        subscription.close();
        lookAgain(most.dividedBy(2));
        courier.close(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
    }

    /** On a thread of its own, because brokers that are gone never answer. */
    private void lookAgain(Duration most) {
        Thread thread = new Thread(this::look, "notify-last");
        thread.setDaemon(true);
        thread.start();
        try {
            thread.join(Math.max(1, most.toMillis()));
            if (thread.isAlive()) {
                LOG.warn("the end of the run may be untold: the brokers don't answer");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        try {
            last.run();
        } catch (RuntimeException e) {
            LOG.warn("the end of the run may be untold: {}", e.getMessage());
        }
    }
}
