package dev.zooflow.mlflow;

import dev.zooflow.experiment.RunId;
import dev.zooflow.message.BlobStore;
import dev.zooflow.message.EventLog;
import dev.zooflow.message.EventLog.Recorded;
import dev.zooflow.message.EventLog.Share;
import dev.zooflow.message.EventLog.Subscription;
import dev.zooflow.message.Groups;
import dev.zooflow.message.RunEvent.RunCompleted;
import dev.zooflow.message.RunEvent.RunOffered;
import dev.zooflow.message.RunEvent.RunResumed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells an MLflow tracking server of the runs that this process coordinates: an MLflow run for each, and one below it for each
 * flow. A run never waits for the server. What the server was told is found there again, so that whoever takes the run over, or
 * begins anew, goes on; what it was told twice, because a process died in between, has the same time and step.
 */
public final class MlflowTracking implements AutoCloseable {

    /** For closing when the process is to end soon. */
    public static final Duration HASTE = Duration.ofSeconds(4);

    private static final Logger LOG = LoggerFactory.getLogger(MlflowTracking.class);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** A run that ended longer ago, while no coordinator was there, is not told any more. */
    private static final Duration OLDEST = Duration.ofHours(1);

    private final EventLog log;
    private final MlflowSettings settings;
    private final Supplier<TrackingClient> server;
    private final BlobStore blobs;
    private final Tracker.Pace pace;
    private final Map<RunId, Tracker> trackers = new HashMap<>();
    private Subscription subscription = () -> {};

    private MlflowTracking(
            EventLog log,
            BlobStore blobs,
            MlflowSettings settings,
            Supplier<TrackingClient> server,
            Tracker.Pace pace) {
        this.log = log;
        this.blobs = blobs;
        this.settings = settings;
        this.server = server;
        this.pace = pace;
    }

    /**
     * Tells of one run, which this process coordinates.
     *
     * @param log outlives the tracking
     * @param blobs where the checkpoints of flows are
     */
    public static MlflowTracking ofRun(EventLog log, BlobStore blobs, RunId run, MlflowSettings settings) {
        return ofRun(log, blobs, run, settings, () -> new TrackingClient(settings), Tracker.Pace.DEFAULT);
    }

    static MlflowTracking ofRun(
            EventLog log,
            BlobStore blobs,
            RunId run,
            MlflowSettings settings,
            Supplier<TrackingClient> server,
            Tracker.Pace pace) {
        MlflowTracking tracking = new MlflowTracking(log, blobs, settings, server, pace);
        if (settings.enabled()) {
            tracking.track(run);
        }
        return tracking;
    }

    /** Tells of a part of the runs that were submitted to the fleet, divided among all processes that do this. */
    public static MlflowTracking ofFleet(EventLog log, BlobStore blobs, MlflowSettings settings) {
        return ofFleet(
                log, blobs, settings, () -> new TrackingClient(settings), Tracker.Pace.DEFAULT, Clock.systemUTC());
    }

    static MlflowTracking ofFleet(
            EventLog log,
            BlobStore blobs,
            MlflowSettings settings,
            Supplier<TrackingClient> server,
            Tracker.Pace pace,
            Clock clock) {
        MlflowTracking tracking = new MlflowTracking(log, blobs, settings, server, pace);
        if (settings.enabled()) {
            tracking.subscription = log.share(Groups.TRACKERS, tracking.new Part(clock));
        }
        return tracking;
    }

    /** The part of the fleet's runs that falls to this process. */
    private final class Part implements Share {
        private final Clock clock;
        private final Set<RunId> offered = new HashSet<>();
        private final Map<RunId, Long> ended = new HashMap<>();
        private boolean current;

        Part(Clock clock) {
            this.clock = clock;
        }

        @Override
        public void observe(Recorded recorded) {
            RunId run = recorded.event().run();
            if (recorded.event() instanceof RunOffered) {
                offered.add(run);
            } else if (recorded.event() instanceof RunCompleted) {
                ended.put(run, recorded.epochMillis());
            } else if (recorded.event() instanceof RunResumed) {
                ended.remove(run);
            }
            if (current) {
                begin(run);
            }
        }

        @Override
        public void current(boolean now) {
            current = now;
            if (now) {
                offered.forEach(this::begin);
            }
        }

        private void begin(RunId run) {
            long oldest = clock.millis() - OLDEST.toMillis();
            if (offered.contains(run) && ended.getOrDefault(run, Long.MAX_VALUE) > oldest) {
                track(run);
            }
        }

        @Override
        public void withdraw(Predicate<RunId> runs) {
            offered.removeIf(runs);
            ended.keySet().removeIf(runs);
            leave(runs);
        }
    }

    private synchronized void track(RunId run) {
        Tracker known = trackers.get(run);
        if (known == null || known.isDone()) {
            Session session = new Session(server.get(), settings, blobs, run);
            trackers.put(run, Tracker.start(log, run, session, pace));
        }
    }

    private synchronized void leave(Predicate<RunId> runs) {
        trackers.forEach((run, tracker) -> {
            if (runs.test(run)) {
                tracker.abandon();
            }
        });
        trackers.keySet().removeIf(runs);
    }

    /** Tells what is still to be told, within some seconds. */
    @Override
    public void close() {
        close(PATIENCE);
    }

    /** As {@link #close()}, for so long. */
    public void close(Duration most) {
        long end = System.nanoTime() + most.toNanos();
        subscription.close();
        List<Tracker> open;
        synchronized (this) {
            open = List.copyOf(trackers.values());
        }
        open.forEach(Tracker::finish);
        open.forEach(tracker -> tracker.close(Duration.ofNanos(Math.max(0, end - System.nanoTime()))));
    }

    /** Uploads files of a run that the server knows; what does not succeed is logged, and no more than that. */
    public static void upload(MlflowSettings settings, RunId run, String experiment, List<Path> files) {
        if (settings.enabled() && settings.artifacts()) {
            upload(new TrackingClient(settings), settings, run, experiment, files);
        }
    }

    static void upload(TrackingClient server, MlflowSettings settings, RunId run, String experiment, List<Path> files) {
        String name = settings.experiment().isEmpty() ? experiment : settings.experiment();
        try {
            TrackingClient.Run known = server.run(server.experiment(name), Session.tags(run, ""))
                    .orElseThrow(() -> new RefusedException("", "the server does not know the run"));
            for (Path file : files) {
                server.upload(known, String.valueOf(file.getFileName()), Files.readAllBytes(file));
            }
        } catch (IOException e) {
            LOG.warn("the report of run {} is not in MLflow: {}", run, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
