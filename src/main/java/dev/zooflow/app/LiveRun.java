package dev.zooflow.app;

import dev.zooflow.actor.RunFencedException;
import dev.zooflow.actor.RunStalledException;
import dev.zooflow.actor.RunZoos;
import dev.zooflow.experiment.RunId;
import dev.zooflow.experiment.UserError;
import dev.zooflow.message.Event;
import dev.zooflow.message.Event.ZooTrajectory;
import dev.zooflow.message.EventLog.Recorded;
import dev.zooflow.message.EventLog.Subscription;
import dev.zooflow.message.Role;
import dev.zooflow.message.RunEvent.RunCompleted;
import dev.zooflow.message.Topic;
import dev.zooflow.report.RunCollector;
import dev.zooflow.report.RunRecord;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run from its submission to its end, watched through its events. */
final class LiveRun {

    /** Topics that tell what the terminal shows; none of them carries weights. */
    static final Set<Topic> SHOWN = Set.of(Topic.RUNS, Topic.METRICS, Topic.FLOWS, Topic.SCORES);

    private static final Set<Topic> RECORDED =
            Set.of(Topic.RUNS, Topic.METRICS, Topic.FLOWS, Topic.SCORES, Topic.WEIGHTS_GENERATED);

    /**
     * What works in this process.
     *
     * @param roles of workers
     * @param dataDir where data sets are
     * @param settings of the process
     */
    record Worksite(Set<Role> roles, Path dataDir, AppSettings settings) {}

    private static final Logger LOG = LoggerFactory.getLogger(LiveRun.class);
    private static final int PUBLISH_SECONDS = 60;
    private static final int FAREWELL_SECONDS = 3;

    private final Brokers brokers;
    private final Wires wires;
    private final Interruption interruption;
    private final CompletableFuture<RunCompleted> end = new CompletableFuture<>();

    LiveRun(Brokers brokers, Wires wires, Interruption interruption) {
        this.brokers = brokers;
        this.wires = wires;
        this.interruption = interruption;
    }

    /**
     * Publishes what lets the run begin, or go on, and waits for its end.
     *
     * @param beginning {@code RunSubmitted}, or what a person decided about a run that is there; may be empty
     * @param round that is to end
     * @throws UserError of infrastructure when the brokers or an actor give up
     * @throws Interruption.InterruptedRunException when it is interrupted
     */
    RunCompleted perform(RunId run, List<? extends Event> beginning, int round, Worksite site, RunView view) {
        interruption.beforehand(view::hide);
        try (Monitor monitor = Monitor.start(site.settings(), brokers.settings())) {
            beginning.forEach(event -> await(
                    wires.log().publish(event).toCompletableFuture().orTimeout(PUBLISH_SECONDS, TimeUnit.SECONDS)));
            return watched(run, round, site, view, monitor);
        } catch (Interruption.InterruptedRunException e) {
            forget(run, round);
            throw e;
        }
    }

    private RunCompleted watched(RunId run, int round, Worksite site, RunView view, Monitor monitor) {
        Subscription subscription = wires.log().follow(run, SHOWN, r -> observe(r, round, view));
        Crew.Duties duties = new Crew.Duties(site.roles(), Optional.of(run), false);
        Wires observed = monitor.over(wires, site.roles(), site.settings());
        try (Crew crew = Crew.start(observed, duties, site.dataDir(), site.settings())) {
            monitor.require("an actor", crew.failure());
            return first(crew);
        } finally {
            subscription.close();
        }
    }

    private void observe(Recorded recorded, int round, RunView view) {
        view.on(recorded.event(), recorded.epochMillis());
        if (recorded.event() instanceof RunCompleted completed && completed.round() == round) {
            end.complete(completed);
        }
    }

    /** The end of the run, unless something else ends the waiting before. */
    private RunCompleted first(Crew crew) {
        Object first = await(CompletableFuture.anyOf(
                end, crew.failure(), brokers.failure().toCompletableFuture(), interruption.requested()));
        if (first instanceof RunCompleted completed) {
            return completed;
        }
        if (first instanceof UserError brokerGaveUp) {
            throw brokerGaveUp;
        }
        crew.hasten();
        throw new Interruption.InterruptedRunException();
    }

    /** Tells workers elsewhere that nobody waits for the rest of the run. */
    private void forget(RunId run, int round) {
        if (brokers.isEmbedded()) {
            return;
        }
        RunCompleted farewell = new RunCompleted(run, round, List.of(RunCompleted.INTERRUPTED), 0);
        wires.log()
                .publish(farewell)
                .toCompletableFuture()
                .completeOnTimeout(null, FAREWELL_SECONDS, TimeUnit.SECONDS)
                .exceptionally(e -> {
                    LOG.warn("workers were not told that run {} is over: {}", run, e.toString());
                    return null;
                })
                .join();
    }

    /**
     * What the log says of a run; networks of each flow are kept up to a number.
     *
     * @param variant of the sampling whose networks are kept; empty for the sampling itself
     */
    static RunRecord record(Wires wires, RunId run, int networks, String variant) {
        RunCollector collector = new RunCollector(run, networks, variant);
        for (Topic topic : RECORDED) {
            wires.log().replay(run, topic, recorded -> collector.accept(recorded.event()));
        }
        zoo(wires, run, collector::accept);
        return collector.record();
    }

    /** Hands the trajectories of a run's zoo to the handler, also where they stand under the name of another run. */
    static void zoo(Wires wires, RunId run, Consumer<ZooTrajectory> handler) {
        wires.log().replay(RunZoos.origin(run, wires.log()), Topic.WEIGHTS_ZOO, recorded -> {
            if (recorded.event() instanceof ZooTrajectory t) {
                handler.accept(new ZooTrajectory(
                        run, t.trajectory(), t.heldOut(), t.steps(), t.validationAccuracy(), t.snapshots()));
            }
        });
    }

    private static <T> T await(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            throw unwrap(e);
        }
    }

    private static RuntimeException unwrap(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof UserError || cause instanceof Interruption.InterruptedRunException) {
            return (RuntimeException) cause;
        }
        if (cause instanceof RunStalledException || cause instanceof RunFencedException) {
            return UserError.infrastructure(String.valueOf(cause.getMessage()), cause);
        }
        return UserError.infrastructure("the run can't go on: %s. Maybe the brokers are gone?".formatted(cause), cause);
    }
}
