package dev.zooflow.actor;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * The guardian of one process: its workers and, where the run was started, the coordinator. Phases: up → stopping →
 * stopped, when every worker has handed back what it held.
 */
public final class Node {

    /** Protocol. */
    public sealed interface Command {}

    /** Stop all actors, workers in good order. */
    public record Stop() implements Command {}

    /**
     * What runs in the process.
     *
     * @param coordinators at most one, of the run that this process started
     * @param workers of the roles
     * @param failure completes exceptionally when an actor gives up
     */
    public record Settings(
            List<Behavior<Coordinator.Command>> coordinators,
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
    private final List<ActorRef<Coordinator.Command>> coordinators = new ArrayList<>();
    private final List<ActorRef<RoleWorker.Command>> workers = new ArrayList<>();

    private Node(ActorContext<Command> context, Settings settings) {
        this.context = context;
        this.failure = settings.failure();
        settings.workers().forEach(this::spawn);
        settings.coordinators().forEach(this::spawnCoordinator);
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

    private void spawnCoordinator(Behavior<Coordinator.Command> coordinator) {
        ActorRef<Coordinator.Command> ref = context.spawn(coordinator, "coordinator");
        context.watch(ref);
        coordinators.add(ref);
    }

    private Behavior<Command> up() {
        return Behaviors.receive(Command.class)
                .onMessage(Stop.class, m -> onStop())
                .onSignal(ChildFailed.class, this::onChildFailed)
                .onSignal(Terminated.class, this::onTerminated)
                .build();
    }

    private Behavior<Command> stopping() {
        if (workers.isEmpty()) {
            return Behaviors.stopped();
        }
        return Behaviors.receive(Command.class)
                .onSignal(Terminated.class, signal -> onTerminatedWhileStopping(signal))
                .build();
    }

    private Behavior<Command> onStop() {
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
