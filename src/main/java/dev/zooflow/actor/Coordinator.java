package dev.zooflow.actor;

import dev.zooflow.experiment.RunId;
import dev.zooflow.message.Event;
import dev.zooflow.message.EventLog;
import dev.zooflow.message.EventLog.Recorded;
import dev.zooflow.message.EventLog.Subscription;
import dev.zooflow.message.Message;
import dev.zooflow.message.RunEvent.CoordinatorStarted;
import dev.zooflow.message.RunEvent.RunCompleted;
import dev.zooflow.message.RunEvent.TrialProposed;
import dev.zooflow.message.Task;
import dev.zooflow.message.TaskEvent;
import dev.zooflow.message.Topic;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
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
 * goes on where the first stopped. Phases: recovering → claiming → coordinating → completing → stopped.
 *
 * <p>It is in charge once the log holds its {@link CoordinatorStarted} and no newer one; when a newer one comes, the
 * behaviour fails with {@link RunFencedException}. What can't be published is tried again with back-off; when that is
 * exhausted it fails with {@link RunStalledException}.
 */
public final class Coordinator {

    /** The topics a run's state is made of. */
    static final Set<Topic> TOPICS = Set.of(Topic.RUNS, Topic.FLOWS, Topic.WEIGHTS_GENERATED, Topic.SCORES);

    /** Protocol; nothing is sent from outside. */
    public sealed interface Command {}

    private record Recovered(RunState state) implements Command {}

    private record Failed(Throwable cause) implements Command {}

    private record Observed(Recorded recorded) implements Command {}

    private record Published(Outgoing outgoing) implements Command {}

    private record PublishFailed(Outgoing outgoing, int attempt, Throwable cause) implements Command {}

    private record Retry(Outgoing outgoing, int attempt) implements Command {}

    /** A message and what is told when the brokers hold it. */
    private record Outgoing(Message message, Optional<Message> then) {}

    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final EventLog log;
    private final RunId run;
    private final String name;
    private final Backoff backoff;
    /** Publications that the brokers do not hold yet. */
    private int unsettled;

    private Coordinator(
            ActorContext<Command> context, TimerScheduler<Command> timers, EventLog log, Settings settings) {
        this.context = context;
        this.timers = timers;
        this.log = log;
        this.run = settings.run();
        this.name = settings.name();
        this.backoff = settings.backoff();
    }

    /**
     * Which run, and how.
     *
     * @param run submitted already or still to be
     * @param name of the process, unique among all that ever were
     * @param backoff between attempts to publish
     */
    public record Settings(RunId run, String name, Backoff backoff) {}

    /**
     * A coordinator.
     *
     * @param log outlives the actor
     */
    public static Behavior<Command> create(EventLog log, Settings settings) {
        return Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new Coordinator(context, timers, log, settings).start()));
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

    /** Waits until the log says who is in charge. */
    private Behavior<Command> claiming(RunState state, CoordinatorStarted claim, Subscription subscription) {
        return following(subscription)
                .onMessage(Observed.class, m -> {
                    RunState next = state.with(m.recorded());
                    boolean decided = next.life()
                            .reign()
                            .filter(r -> r.epoch() >= claim.epoch())
                            .isPresent();
                    return decided
                            ? advance(next, Optional.empty(), claim, subscription)
                            : claiming(next, claim, subscription);
                })
                .build();
    }

    private Behavior<Command> coordinating(RunState state, CoordinatorStarted claim, Subscription subscription) {
        return advancing(state, claim, subscription, Behaviors::same);
    }

    /** Goes on with what is observed, and as the last says when something has been published. */
    private Behavior<Command> advancing(
            RunState state,
            CoordinatorStarted claim,
            Subscription subscription,
            Supplier<Behavior<Command>> published) {
        return following(subscription, published)
                .onMessage(
                        Observed.class,
                        m -> advance(
                                state.with(m.recorded()),
                                Subjects.flow(m.recorded().event()),
                                claim,
                                subscription))
                .build();
    }

    /** Everything is done; waits until the log says so. */
    private Behavior<Command> completing(RunState state, CoordinatorStarted claim, Subscription subscription) {
        return following(subscription)
                .onMessage(Observed.class, m -> {
                    RunState next = state.with(m.recorded());
                    checkInCharge(next, claim, subscription);
                    return next.over().isPresent() ? Behaviors.stopped() : completing(next, claim, subscription);
                })
                .build();
    }

    /** Everything is done; the end is told once all that comes before it has been. */
    private Behavior<Command> settling(
            RunState state, RunCompleted end, CoordinatorStarted claim, Subscription subscription) {
        if (unsettled == 0) {
            publish(end, Optional.empty());
            return completing(state, claim, subscription);
        }
        return advancing(state, claim, subscription, () -> settling(state, end, claim, subscription));
    }

    private BehaviorBuilder<Command> following(Subscription subscription) {
        return following(subscription, Behaviors::same);
    }

    private BehaviorBuilder<Command> following(Subscription subscription, Supplier<Behavior<Command>> published) {
        return Behaviors.receive(Command.class)
                .onMessage(Published.class, m -> {
                    onPublished(m);
                    return published.get();
                })
                .onMessage(PublishFailed.class, this::onPublishFailed)
                .onMessage(Retry.class, m -> publish(m.outgoing(), m.attempt()))
                .onSignal(PostStop.class, signal -> close(subscription));
    }

    private Behavior<Command> onRecovered(Recovered message) {
        if (message.state().over().isPresent()) {
            return Behaviors.stopped();
        }
        Subscription subscription =
                log.follow(run, TOPICS, recorded -> context.getSelf().tell(new Observed(light(recorded))));
        int epoch = 1
                + message.state().life().reign().map(CoordinatorStarted::epoch).orElse(0);
        CoordinatorStarted claim = new CoordinatorStarted(run, epoch, name);
        publish(claim, Optional.empty());
        return claiming(message.state(), claim, subscription);
    }

    /** Without weights, of which the state keeps the place alone: any number of events may wait for the actor. */
    private static Recorded light(Recorded recorded) {
        return recorded.event() instanceof Event.GeneratedNetworks networks
                ? new Recorded(networks.withoutWeights(), recorded.ref(), recorded.epochMillis())
                : recorded;
    }

    private Behavior<Command> onFailed(Failed message) {
        throw new RunStalledException(run, message.cause());
    }

    private Behavior<Command> advance(
            RunState state, Optional<String> flow, CoordinatorStarted claim, Subscription subscription) {
        checkInCharge(state, claim, subscription);
        if (state.over().isPresent()) {
            return Behaviors.stopped();
        }
        Planner.Plan plan = Planner.plan(state, flow);
        if (plan.completed().isPresent()) {
            return settling(state, plan.completed().get(), claim, subscription);
        }
        RunState next = state;
        for (Event decision : plan.decisions()) {
            publish(decision, Optional.empty());
            next = next.with(decision);
        }
        for (Task task : plan.tasks()) {
            int after = state.tasks().ended(task.id());
            publish(task, Optional.of(new TaskEvent.TaskQueued(run, task.id(), task.role(), after)));
            next = next.withQueued(task.id());
        }
        boolean more = plan.decisions().stream().anyMatch(TrialProposed.class::isInstance);
        return more ? advance(next, Optional.empty(), claim, subscription) : coordinating(next, claim, subscription);
    }

    private void checkInCharge(RunState state, CoordinatorStarted claim, Subscription subscription) {
        state.life().reign().filter(r -> !r.equals(claim)).ifPresent(r -> {
            subscription.close();
            throw new RunFencedException(r);
        });
    }

    private void publish(Message message, Optional<Message> then) {
        unsettled++;
        publish(new Outgoing(message, then), 1);
    }

    private Behavior<Command> publish(Outgoing outgoing, int attempt) {
        context.pipeToSelf(
                log.publish(outgoing.message()),
                (ref, failure) ->
                        failure == null ? new Published(outgoing) : new PublishFailed(outgoing, attempt, failure));
        return Behaviors.same();
    }

    private void onPublished(Published message) {
        unsettled--;
        message.outgoing().then().ifPresent(next -> publish(next, Optional.empty()));
    }

    private Behavior<Command> onPublishFailed(PublishFailed failed) {
        if (backoff.exhausted(failed.attempt())) {
            throw new RunStalledException(run, failed.cause());
        }
        String id = failed.outgoing().message().id();
        context.getLog()
                .warn(
                        "run {}: {} not published, attempt {}: {}",
                        run,
                        id,
                        failed.attempt(),
                        failed.cause().toString());
        timers.startSingleTimer(
                id, new Retry(failed.outgoing(), failed.attempt() + 1), backoff.after(failed.attempt()));
        return Behaviors.same();
    }

    private static Behavior<Command> close(Subscription subscription) {
        subscription.close();
        return Behaviors.same();
    }
}
