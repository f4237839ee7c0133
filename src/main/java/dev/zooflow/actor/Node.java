package dev.zooflow.actor;

import dev.zooflow.experiment.RunId;
import dev.zooflow.message.EventLog;
import dev.zooflow.message.EventLog.Subscription;
import dev.zooflow.message.RunEvent.RunCompleted;
import dev.zooflow.message.TaskEvent.TaskStopped;
import dev.zooflow.message.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * The guardian of one process: its workers, and its coordinator where it has one. Phases: up → stopping →
 * stopped, when every worker has handed back what it held.
 */
public final class Node {

    /** Protocol. */
    public sealed interface Command {}

    /** Stop all actors, workers in good order. */
    public record Stop() implements Command {}

    private record RunOver(RunId run) implements Command {}

    private record TaskOver(RunId run, String task) implements Command {}

    /**
     * What runs in the process.
     *
     * @param log of all runs
     * @param coordinators at most one: of the run that this process started, or of those that the fleet gives it
     * @param workers of the roles
     * @param failure completes exceptionally when an actor gives up
     */
    public record Settings(
            EventLog log,
            List<Behavior<?>> coordinators,
            List<RoleWorker.Settings> workers,
            CompletableFuture<?> failure) {
        /** Copies the lists. */
        public Settings {
            coordinators = List.copyOf(coordinators);
            workers = List.copyOf(workers);
        }
    }

    private final ActorContext<Command> context;
    private final CompletableFuture<?> failure;
    private final Subscription ends;
    private final List<ActorRef<?>> coordinators = new ArrayList<>();
    private final List<ActorRef<RoleWorker.Command>> workers = new ArrayList<>();

    private Node(ActorContext<Command> context, Settings settings) {
        this.context = context;
        this.failure = settings.failure();
        settings.workers().forEach(this::spawn);
        settings.coordinators().forEach(this::spawnCoordinator);
        ends = settings.log().watch(Set.of(Topic.RUNS), recorded -> {
            if (recorded.event() instanceof RunCompleted over) {
                context.getSelf().tell(new RunOver(over.run()));
            } else if (recorded.event() instanceof TaskStopped over) {
                context.getSelf().tell(new TaskOver(over.run(), over.task()));
            }
        });
    }

    /** The guardian's behaviour. */
    public static Behavior<Command> create(Settings settings) {
        return Behaviors.setup(context -> new Node(context, settings).up());
    }

    private void spawn(RoleWorker.Settings worker) {
        ActorRef<RoleWorker.Command> ref =
                context.spawn(RoleWorker.create(worker), worker.work().role().id() + "-" + workers.size());
        context.watch(ref);
        workers.add(ref);
    }

    private void spawnCoordinator(Behavior<?> coordinator) {
        ActorRef<?> ref = context.spawn(coordinator, "coordinator");
        context.watch(ref);
        coordinators.add(ref);
    }

    private Behavior<Command> up() {
        return Behaviors.receive(Command.class)
                .onMessage(Stop.class, m -> onStop())
                .onMessage(RunOver.class, this::onRunOver)
                .onMessage(TaskOver.class, this::onTaskOver)
                .onSignal(PostStop.class, signal -> close())
                .onSignal(ChildFailed.class, this::onChildFailed)
                .onSignal(Terminated.class, this::onTerminated)
                .build();
    }

    private Behavior<Command> stopping() {
        if (workers.isEmpty()) {
            return Behaviors.stopped();
        }
        return Behaviors.receive(Command.class)
                .onMessage(RunOver.class, m -> Behaviors.same())
                .onMessage(TaskOver.class, m -> Behaviors.same())
                .onSignal(Terminated.class, signal -> onTerminatedWhileStopping(signal))
                .build();
    }

    private Behavior<Command> onRunOver(RunOver message) {
        workers.forEach(worker -> worker.tell(new RoleWorker.RunOver(message.run())));
        return Behaviors.same();
    }

    private Behavior<Command> onTaskOver(TaskOver message) {
        workers.forEach(worker -> worker.tell(new RoleWorker.TaskOver(message.run(), message.task())));
        return Behaviors.same();
    }

    private Behavior<Command> close() {
        ends.close();
        return Behaviors.same();
    }

    private Behavior<Command> onStop() {
        ends.close();
        coordinators.forEach(context::stop);
        workers.forEach(worker -> worker.tell(new RoleWorker.Stop()));
        return stopping();
    }

    private Behavior<Command> onChildFailed(ChildFailed signal) {
        failure.completeExceptionally(signal.getCause());
        return forget(signal.getRef());
    }

    /** A coordinator ends with its run; a worker ends only when it is told to, or when it gives up. */
    private Behavior<Command> onTerminated(Terminated signal) {
        if (workers.stream().anyMatch(w -> w.path().equals(signal.getRef().path()))) {
            failure.completeExceptionally(new IllegalStateException(
                    "worker (%s) stopped".formatted(signal.getRef().path().name())));
        }
        return forget(signal.getRef());
    }

    private Behavior<Command> onTerminatedWhileStopping(Terminated signal) {
        forget(signal.getRef());
        return stopping();
    }

    private Behavior<Command> forget(ActorRef<?> ref) {
        workers.removeIf(w -> w.path().equals(ref.path()));
        coordinators.removeIf(c -> c.path().equals(ref.path()));
        return Behaviors.same();
    }
}
