package dev.zooflow.actor;

import dev.zooflow.experiment.RunId;
import dev.zooflow.message.Event;
import dev.zooflow.message.EventLog;
import dev.zooflow.message.EventLog.Recorded;
import dev.zooflow.message.EventLog.Subscription;
import dev.zooflow.message.Message;
import dev.zooflow.message.Task;
import dev.zooflow.message.Topic;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.BehaviorBuilder;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * The coordinator of one run. It knows from events only: it reads what stands in the log, then follows it, folds it into a
 * {@link RunState} and publishes what the {@link Planner} asks for. So a second coordinator, or the same after a crash,
 * goes on where the first stopped. Phases: recovering → coordinating → completing → stopped.
 *
 * <p>What can't be published is tried again with back-off; when that is exhausted the behaviour fails with {@link
 * RunStalledException}.
 */
public final class Coordinator {

    /** The topics a run's state is made of. */
    static final Set<Topic> TOPICS = Set.of(Topic.RUNS, Topic.FLOWS, Topic.WEIGHTS_GENERATED, Topic.SCORES);

    /** Protocol; nothing is sent from outside. */
    public sealed interface Command {}

    private record Recovered(RunState state) implements Command {}

    private record Failed(Throwable cause) implements Command {}

    private record Observed(Recorded recorded) implements Command {}

    private record Published(Message message) implements Command {}

    private record PublishFailed(Message message, int attempt, Throwable cause) implements Command {}

    private record Retry(Message message, int attempt) implements Command {}

    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final EventLog log;
    private final RunId run;
    private final Backoff backoff;

    private Coordinator(
            ActorContext<Command> context, TimerScheduler<Command> timers, EventLog log, RunId run, Backoff backoff) {
        this.context = context;
        this.timers = timers;
        this.log = log;
        this.run = run;
        this.backoff = backoff;
    }

    /**
     * A coordinator of a run, submitted already or still to be.
     *
     * @param log outlives the actor
     * @param backoff between attempts to publish
     */
    public static Behavior<Command> create(EventLog log, RunId run, Backoff backoff) {
        return Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new Coordinator(context, timers, log, run, backoff).start()));
    }

    private Behavior<Command> start() {
        Executor blocking =
                context.getSystem().dispatchers().lookup(DispatcherSelector.fromConfig(Dispatchers.BLOCKING));
        context.pipeToSelf(
                CompletableFuture.supplyAsync(this::recover, blocking),
                (state, failure) -> failure == null ? new Recovered(state) : new Failed(failure));
        return recovering();
    }

    /** Reads the log as it stands; runs outside the actor. */
    private RunState recover() {
        RunState[] state = {RunState.empty(run)};
        for (Topic topic : TOPICS) {
            log.replay(run, topic, recorded -> state[0] = state[0].with(recorded));
        }
        return state[0];
    }

    private Behavior<Command> recovering() {
        return Behaviors.receive(Command.class)
                .onMessage(Recovered.class, this::onRecovered)
                .onMessage(Failed.class, this::onFailed)
                .build();
    }

    private Behavior<Command> coordinating(RunState state, Subscription subscription) {
        return following(subscription)
                .onMessage(Observed.class, m -> advance(state.with(m.recorded()), subscription))
                .build();
    }

    /** Everything is done; waits until the log says so. */
    private Behavior<Command> completing(Subscription subscription) {
        return following(subscription)
                .onMessage(Observed.class, this::onObservedAtTheEnd)
                .build();
    }

    private BehaviorBuilder<Command> following(Subscription subscription) {
        return Behaviors.receive(Command.class)
                .onMessage(Published.class, this::onPublished)
                .onMessage(PublishFailed.class, this::onPublishFailed)
                .onMessage(Retry.class, m -> publish(m.message(), m.attempt()))
                .onSignal(PostStop.class, signal -> close(subscription));
    }

    private Behavior<Command> onRecovered(Recovered message) {
        if (message.state().over().isPresent()) {
            return Behaviors.stopped();
        }
        Subscription subscription =
                log.follow(run, TOPICS, recorded -> context.getSelf().tell(new Observed(recorded)));
        return advance(message.state(), subscription);
    }

    private Behavior<Command> onFailed(Failed message) {
        throw new RunStalledException(run, message.cause());
    }

    private Behavior<Command> advance(RunState state, Subscription subscription) {
        if (state.over().isPresent()) {
            return Behaviors.stopped();
        }
        Planner.Plan plan = Planner.plan(state);
        if (plan.completed().isPresent()) {
            publish(plan.completed().get(), 1);
            return completing(subscription);
        }
        RunState next = state;
        for (Task task : plan.tasks()) {
            publish(task, 1);
            next = next.withQueued(task.id());
        }
        return coordinating(next, subscription);
    }

    private Behavior<Command> onObservedAtTheEnd(Observed message) {
        boolean over = message.recorded().event() instanceof Event.RunCompleted;
        return over ? Behaviors.stopped() : Behaviors.same();
    }

    private Behavior<Command> publish(Message message, int attempt) {
        context.pipeToSelf(
                log.publish(message),
                (ref, failure) ->
                        failure == null ? new Published(message) : new PublishFailed(message, attempt, failure));
        return Behaviors.same();
    }

    private Behavior<Command> onPublished(Published message) {
        if (message.message() instanceof Task task) {
            publish(new Event.TaskQueued(run, task.id(), task.role()), 1);
        }
        return Behaviors.same();
    }

    private Behavior<Command> onPublishFailed(PublishFailed failed) {
        if (backoff.exhausted(failed.attempt())) {
            throw new RunStalledException(run, failed.cause());
        }
        context.getLog()
                .warn(
                        "run {}: {} not published, attempt {}: {}",
                        run,
                        failed.message().id(),
                        failed.attempt(),
                        failed.cause().toString());
        timers.startSingleTimer(
                failed.message().id(),
                new Retry(failed.message(), failed.attempt() + 1),
                backoff.after(failed.attempt()));
        return Behaviors.same();
    }

    private static Behavior<Command> close(Subscription subscription) {
        subscription.close();
        return Behaviors.same();
    }
}
