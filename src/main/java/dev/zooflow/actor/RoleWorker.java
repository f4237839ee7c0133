package dev.zooflow.actor;

import dev.zooflow.experiment.RunId;
import dev.zooflow.experiment.UserError;
import dev.zooflow.message.EventLog;
import dev.zooflow.message.EventLog.Subscription;
import dev.zooflow.message.Task;
import dev.zooflow.message.WorkQueue;
import dev.zooflow.message.WorkQueue.Delivery;
import dev.zooflow.tensor.ComputeDevice;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.StashBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A worker of one role. Phases: idle → working → settling → idle, and from idle → stopped. It holds one task at a time, does
 * it on the role's dispatcher, and answers the queue only after the brokers hold the results and the outcome. What comes
 * back carries the number of the work it belongs to, so that the rest of an earlier incarnation is recognised and dropped.
 */
public final class RoleWorker {

    /** Protocol. */
    public sealed interface Command {}

    /** Take nothing more, hand back what is in hand, then stop. */
    public record Stop() implements Command {}

    /** A round of a run is over: work for it is of no use. */
    public record RunOver(RunId run) implements Command {}

    /** A task was stopped: work at it is of no use. */
    public record TaskOver(RunId run, String task) implements Command {}

    private record Beat() implements Command {}

    private record Delivered(Delivery delivery) implements Command {}

    private record Worked(long work, Verdict verdict) implements Command {}

    private record Settled(
            long work, Verdict verdict, @Nullable Throwable failure) implements Command {}

    /**
     * What a worker is made of; all of it outlives the actor.
     *
     * @param work of the role
     * @param log where results go
     * @param queue where tasks come from
     * @param name of the worker in events
     * @param device on which the work computes
     * @param vitals how it shows that it lives
     * @param restarts after failures of the behaviour itself
     */
    public record Settings(
            RoleWork work,
            EventLog log,
            WorkQueue queue,
            String name,
            ComputeDevice device,
            Vitals vitals,
            Backoff restarts) {}

    /** What is in hand. */
    private record Work(long number, Delivery delivery, TaskRun run, long startNanos) {
        double seconds() {
            return (System.nanoTime() - startNanos) / 1e9;
        }
    }

    /** Numbers of works, never used twice in a process. */
    private static final AtomicLong NUMBERS = new AtomicLong();

    private static final int STASH = 4;

    private final ActorContext<Command> context;
    private final StashBuffer<Command> stash;
    private final Settings settings;
    private final Executor dispatcher;
    private final Heart heart;
    private final Subscription subscription;

    private RoleWorker(ActorContext<Command> context, StashBuffer<Command> stash, Settings settings) {
        this.context = context;
        this.stash = stash;
        this.settings = settings;
        this.dispatcher = context.getSystem()
                .dispatchers()
                .lookup(DispatcherSelector.fromConfig(
                        Dispatchers.of(settings.work().role(), settings.device())));
        this.heart = new Heart(settings);
        this.subscription = settings.queue()
                .consume(settings.work().role(), delivery -> context.getSelf().tell(new Delivered(delivery)));
    }

    /**
     * A worker, restarted with back-off when its behaviour fails. It ends with a {@link UserError} when this machine lets it
     * do no work.
     */
    public static Behavior<Command> create(Settings settings) {
        Behavior<Command> worker = Behaviors.setup(context -> Behaviors.withStash(
                STASH,
                stash -> Behaviors.withTimers(timers -> {
                    timers.startTimerWithFixedDelay(
                            new Beat(), Duration.ZERO, settings.vitals().heartbeat());
                    return new RoleWorker(context, stash, settings).idle();
                })));
        Backoff restarts = settings.restarts();
        return Behaviors.supervise(Behaviors.supervise(worker)
                        .onFailure(UserError.class, SupervisorStrategy.stop().withLoggingEnabled(false)))
                .onFailure(
                        RuntimeException.class,
                        SupervisorStrategy.restartWithBackoff(restarts.first(), restarts.longest(), 0.2)
                                .withMaxRestarts(restarts.attempts()));
    }

    private Behavior<Command> idle() {
        return Behaviors.receive(Command.class)
                .onMessage(Delivered.class, this::onDelivered)
                .onMessage(Stop.class, m -> Behaviors.stopped())
                .onMessage(RunOver.class, m -> Behaviors.same())
                .onMessage(TaskOver.class, m -> Behaviors.same())
                .onMessage(Beat.class, m -> beat(Optional.empty()))
                .onMessage(Worked.class, m -> Behaviors.same())
                .onMessage(Settled.class, m -> Behaviors.same())
                .onSignal(PreRestart.class, signal -> close())
                .onSignal(PostStop.class, signal -> close())
                .build();
    }

    private Behavior<Command> working(Work work) {
        return Behaviors.receive(Command.class)
                .onMessage(Worked.class, m -> m.work() == work.number() ? settle(work, m.verdict()) : Behaviors.same())
                .onMessage(Settled.class, m -> Behaviors.same())
                .onMessage(Delivered.class, this::onSurplus)
                .onMessage(Stop.class, m -> onStopWhileWorking(work, m))
                .onMessage(RunOver.class, m -> onRunOver(work, m))
                .onMessage(TaskOver.class, m -> onTaskOver(work, m))
                .onMessage(Beat.class, m -> beat(Optional.of(work.run())))
                .onSignal(PreRestart.class, signal -> abandon(work))
                .onSignal(PostStop.class, signal -> abandon(work))
                .build();
    }

    private Behavior<Command> settling(Work work) {
        return Behaviors.receive(Command.class)
                .onMessage(Settled.class, m -> m.work() == work.number() ? onSettled(work, m) : Behaviors.same())
                .onMessage(Worked.class, m -> Behaviors.same())
                .onMessage(Delivered.class, this::onSurplus)
                .onMessage(Stop.class, this::keep)
                .onMessage(RunOver.class, m -> Behaviors.same())
                .onMessage(TaskOver.class, m -> Behaviors.same())
                .onMessage(Beat.class, m -> beat(Optional.of(work.run())))
                .onSignal(PreRestart.class, signal -> close())
                .onSignal(PostStop.class, signal -> close())
                .build();
    }

    private Behavior<Command> onDelivered(Delivered message) {
        Delivery delivery = message.delivery();
        TaskRun run = new TaskRun(settings.work(), settings.log(), delivery, settings.name());
        Work work = new Work(NUMBERS.incrementAndGet(), delivery, run, System.nanoTime());
        context.pipeToSelf(
                CompletableFuture.supplyAsync(() -> settings.device().call(run), dispatcher),
                (outcome, failure) -> new Worked(work.number(), Verdict.of(outcome, failure, delivery.lastAttempt())));
        return working(work);
    }

    /** The queue gave a task before the last was settled here; it waits its turn. */
    private Behavior<Command> onSurplus(Delivered message) {
        if (stash.isFull()) {
            message.delivery().release();
            return Behaviors.same();
        }
        return keep(message);
    }

    private Behavior<Command> onStopWhileWorking(Work work, Stop message) {
        work.run().cancel();
        return keep(message);
    }

    private static Behavior<Command> onRunOver(Work work, RunOver message) {
        if (message.run().equals(work.delivery().task().run())) {
            work.run().cancel();
        }
        return Behaviors.same();
    }

    private static Behavior<Command> onTaskOver(Work work, TaskOver message) {
        Task task = work.delivery().task();
        if (message.run().equals(task.run()) && message.task().equals(task.id())) {
            work.run().stop();
        }
        return Behaviors.same();
    }

    private Behavior<Command> beat(Optional<TaskRun> run) {
        heart.beat(run);
        return Behaviors.same();
    }

    private Behavior<Command> keep(Command message) {
        if (!stash.isFull()) {
            stash.stash(message);
        }
        return Behaviors.same();
    }

    private Behavior<Command> settle(Work work, Verdict verdict) {
        context.pipeToSelf(
                new Settlement(settings, dispatcher).settle(work.run(), verdict, work.seconds()),
                (done, failure) -> new Settled(work.number(), verdict, failure));
        return settling(work);
    }

    private Behavior<Command> onSettled(Work work, Settled message) {
        if (message.failure() != null) {
            // The lock runs out and the task comes again; whatever was published has the same ids then.
            context.getLog()
                    .warn(
                            "{} {} was not settled: {}",
                            work.delivery().task().run(),
                            work.delivery().task().id(),
                            message.failure().toString());
        }
        if (message.verdict() instanceof Verdict.Withdraw withdraw) {
            close();
            throw UserError.infrastructure(withdraw.reason());
        }
        return stash.unstashAll(idle());
    }

    private Behavior<Command> abandon(Work work) {
        work.run().cancel();
        work.delivery().release();
        return close();
    }

    private Behavior<Command> close() {
        subscription.close();
        return Behaviors.same();
    }
}
