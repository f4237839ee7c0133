package dev.zooflow.actor;

import dev.zooflow.experiment.RunId;
import dev.zooflow.experiment.UserError;
import dev.zooflow.message.EventLog;
import dev.zooflow.message.EventLog.Recorded;
import dev.zooflow.message.EventLog.Share;
import dev.zooflow.message.EventLog.Subscription;
import dev.zooflow.message.RunEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Predicate;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * The coordinators of the runs that fall to this process, where the fleet divides all runs among its coordinators: one
 * {@link Coordinator} for each that is submitted to the fleet and not over. When a process dies, its runs fall to others,
 * which rebuild their state from the log.
 */
public final class FleetCoordinator {

    /** Protocol; nothing is sent from outside. */
    public sealed interface Command {}

    private record Observed(RunEvent event) implements Command {}

    private record Current(boolean current) implements Command {}

    private record Withdrawn(Predicate<RunId> runs) implements Command {}

    private record Again(RunId run) implements Command {}

    /**
     * How.
     *
     * @param group whose members divide the runs
     * @param name of the process, unique among all that ever were
     * @param backoff between attempts to publish
     */
    public record Settings(String group, String name, Backoff backoff) {}

    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final EventLog log;
    private final Settings settings;
    private final Subscription subscription;
    private final Map<RunId, RunLife> lives = new HashMap<>();
    private final Map<RunId, ActorRef<Coordinator.Command>> coordinators = new HashMap<>();
    private boolean current;
    private int spawned;

    private FleetCoordinator(
            ActorContext<Command> context, TimerScheduler<Command> timers, EventLog log, Settings settings) {
        this.context = context;
        this.timers = timers;
        this.log = log;
        this.settings = settings;
        subscription = log.share(settings.group(), new Share() {
            @Override
            public void observe(Recorded recorded) {
                if (recorded.event() instanceof RunEvent event) {
                    context.getSelf().tell(new Observed(event));
                }
            }

            @Override
            public void current(boolean current) {
                context.getSelf().tell(new Current(current));
            }

            @Override
            public void withdraw(Predicate<RunId> runs) {
                context.getSelf().tell(new Withdrawn(runs));
            }
        });
    }

    /** Takes its part of all runs. */
    public static Behavior<Command> create(EventLog log, Settings settings) {
        return Behaviors.setup(context ->
                Behaviors.withTimers(timers -> new FleetCoordinator(context, timers, log, settings).coordinating()));
    }

    private Behavior<Command> coordinating() {
        return Behaviors.receive(Command.class)
                .onMessage(Observed.class, this::onObserved)
                .onMessage(Current.class, this::onCurrent)
                .onMessage(Withdrawn.class, this::onWithdrawn)
                .onMessage(Again.class, m -> take(m.run()))
                .onSignal(ChildFailed.class, this::onChildFailed)
                .onSignal(Terminated.class, this::onTerminated)
                .onSignal(PostStop.class, signal -> close())
                .build();
    }

    private Behavior<Command> onObserved(Observed message) {
        RunId run = message.event().run();
        lives.put(run, lives.getOrDefault(run, RunLife.NONE).with(message.event()));
        return take(run);
    }

    /** Runs are taken only when all of their life is known, and most are over then. */
    private Behavior<Command> onCurrent(Current message) {
        current = message.current();
        List.copyOf(lives.keySet()).forEach(this::take);
        return Behaviors.same();
    }

    private Behavior<Command> take(RunId run) {
        boolean wanted = lives.getOrDefault(run, RunLife.NONE).open() && !coordinators.containsKey(run);
        if (current && wanted && !timers.isTimerActive(run)) {
            ActorRef<Coordinator.Command> coordinator = context.spawn(
                    Coordinator.create(log, new Coordinator.Settings(run, settings.name(), settings.backoff())),
                    "run-" + spawned++);
            context.watch(coordinator);
            coordinators.put(run, coordinator);
            context.getLog().info("coordinating run {}", run);
        }
        return Behaviors.same();
    }

    private Behavior<Command> onWithdrawn(Withdrawn message) {
        lives.keySet().removeIf(message.runs());
        List.copyOf(coordinators.keySet()).stream().filter(message.runs()).forEach(run -> {
            ActorRef<Coordinator.Command> coordinator = coordinators.remove(run);
            context.unwatch(coordinator);
            context.stop(coordinator);
        });
        return Behaviors.same();
    }

    /** A run that another coordinator has taken, or whose experiment can't be read, is left; any other is taken again. */
    private Behavior<Command> onChildFailed(ChildFailed signal) {
        Throwable cause = root(signal.getCause());
        boolean left = cause instanceof RunFencedException
                || (cause instanceof UserError error && error.exitCode() == UserError.USAGE);
        run(signal.getRef()).ifPresent(run -> {
            coordinators.remove(run);
            if (left) {
                lives.remove(run);
                context.getLog().warn("run {} is left: {}", run, cause.getMessage());
            } else {
                context.getLog().warn("run {} is taken again soon: {}", run, cause.toString());
                timers.startSingleTimer(run, new Again(run), settings.backoff().longest());
            }
        });
        return Behaviors.same();
    }

    private static Throwable root(Throwable failure) {
        boolean wrapped = failure instanceof RunStalledException || failure instanceof CompletionException;
        return wrapped && failure.getCause() != null ? root(failure.getCause()) : failure;
    }

    /** A run that was resumed before its coordinator was gone is taken again. */
    private Behavior<Command> onTerminated(Terminated signal) {
        run(signal.getRef()).ifPresent(run -> {
            coordinators.remove(run);
            take(run);
        });
        return Behaviors.same();
    }

    private Optional<RunId> run(ActorRef<?> ref) {
        return coordinators.entrySet().stream()
                .filter(e -> e.getValue().path().equals(ref.path()))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private Behavior<Command> close() {
        subscription.close();
        return Behaviors.same();
    }
}
