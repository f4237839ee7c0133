package dev.zooflow.app;

import dev.zooflow.actor.Backoff;
import dev.zooflow.actor.Coordinator;
import dev.zooflow.actor.Dispatchers;
import dev.zooflow.actor.EvaluateWork;
import dev.zooflow.actor.FleetCoordinator;
import dev.zooflow.actor.Node;
import dev.zooflow.actor.RoleWork;
import dev.zooflow.actor.RoleWorker;
import dev.zooflow.actor.RunZoos;
import dev.zooflow.actor.SampleWork;
import dev.zooflow.actor.TaskData;
import dev.zooflow.actor.TrainWork;
import dev.zooflow.actor.ZooWork;
import dev.zooflow.experiment.RunId;
import dev.zooflow.message.Groups;
import dev.zooflow.message.Role;
import dev.zooflow.mlflow.MlflowSettings;
import dev.zooflow.mlflow.MlflowTracking;
import dev.zooflow.notify.Notifier;
import dev.zooflow.notify.NotifySettings;
import dev.zooflow.tensor.ComputeDevice;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The actors of this process: workers of some roles and, where a run was started here, its coordinator. Who coordinates also
 * tells people, and tracking servers, what happens.
 */
final class Crew implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Crew.class);
    /** How long actors may take to stop, where there are notices and a farewell after them. */
    private static final int STOP_SECONDS = 13;
    /** The same in a process that coordinates nothing. */
    private static final int WORKERS_STOP_SECONDS = 20;

    private static final String NAME = name();
    private static final Backoff PUBLISHING = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10), 10);
    private static final Backoff RESTARTS = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(10), 5);

    private final ActorSystem<Node.Command> system;
    private final List<RoleWork> works;
    private final CompletableFuture<Void> failure;
    private final Optional<Notifier> notifier;
    private final Optional<MlflowTracking> tracking;
    private volatile boolean hasty;

    private Crew(
            ActorSystem<Node.Command> system,
            List<RoleWork> works,
            CompletableFuture<Void> failure,
            Optional<Notifier> notifier,
            Optional<MlflowTracking> tracking) {
        this.system = system;
        this.works = works;
        this.failure = failure;
        this.notifier = notifier;
        this.tracking = tracking;
    }

    /**
     * What the actors are for.
     *
     * @param roles of workers
     * @param run to coordinate, if it was started here
     * @param fleet whether to coordinate a part of the runs that were submitted to the fleet
     */
    record Duties(Set<Role> roles, Optional<RunId> run, boolean fleet) {}

    /**
     * Starts the actors. Trainers, samplers and zoo producers compute on the devices of the process, one of each on every
     * device; evaluators, which compute little, on the processors.
     */
    static Crew start(Wires wires, Duties duties, Path dataDir, AppSettings process) {
        TaskData data = new TaskData(dataDir);
        RunZoos zoos = new RunZoos(wires.log());
        List<RoleWorker.Settings> workers = duties.roles().stream()
                .sorted()
                .flatMap(role -> devices(role, process).stream()
                        .map(device -> new RoleWorker.Settings(
                                work(role, wires, data, zoos),
                                wires.log(),
                                wires.queue(),
                                device.isGpu() ? NAME + "/" + device : NAME,
                                device,
                                process.vitals(),
                                RESTARTS)))
                .toList();
        CompletableFuture<Void> failure = new CompletableFuture<>();
        Node.Settings settings = new Node.Settings(wires.log(), coordinators(wires, duties), workers, failure);
        List<ComputeDevice> used =
                workers.stream().map(RoleWorker.Settings::device).distinct().toList();
        Optional<Notifier> notifier = notifier(wires, duties, process.notices());
        Optional<MlflowTracking> tracking = tracking(wires, duties, process.mlflow());
        ActorSystem<Node.Command> system =
                ActorSystem.create(Node.create(settings), "zooflow", Dispatchers.config(used));
        // The guardian itself may fail, and a process without actors must not look as if it worked.
        system.getWhenTerminated()
                .thenRun(() -> failure.completeExceptionally(new IllegalStateException("all actors stopped")));
        List<RoleWork> works = workers.stream().map(RoleWorker.Settings::work).toList();
        return new Crew(system, works, failure, notifier, tracking);
    }

    /** On which of the process's devices workers of a role compute. */
    static List<ComputeDevice> devices(Role role, AppSettings process) {
        return role == Role.EVALUATOR ? List.of(ComputeDevice.CPU) : process.devices();
    }

    private static Optional<Notifier> notifier(Wires wires, Duties duties, NotifySettings notices) {
        Optional<Notifier> own = duties.run().map(run -> Notifier.ofRun(wires.log(), run, notices));
        return own.or(() -> duties.fleet() ? Optional.of(Notifier.ofFleet(wires.log(), notices)) : Optional.empty());
    }

    private static Optional<MlflowTracking> tracking(Wires wires, Duties duties, MlflowSettings mlflow) {
        Optional<MlflowTracking> own =
                duties.run().map(run -> MlflowTracking.ofRun(wires.log(), wires.blobs(), run, mlflow));
        return own.or(() -> duties.fleet()
                ? Optional.of(MlflowTracking.ofFleet(wires.log(), wires.blobs(), mlflow))
                : Optional.empty());
    }

    private static List<Behavior<?>> coordinators(Wires wires, Duties duties) {
        Stream<Behavior<?>> own = duties.run().stream()
                .map(run -> Coordinator.create(wires.log(), new Coordinator.Settings(run, NAME, PUBLISHING)));
        Stream<Behavior<?>> fleet = duties.fleet()
                ? Stream.of(FleetCoordinator.create(
                        wires.log(), new FleetCoordinator.Settings(Groups.COORDINATORS, NAME, PUBLISHING)))
                : Stream.empty();
        return Stream.concat(own, fleet).toList();
    }

    private static RoleWork work(Role role, Wires wires, TaskData data, RunZoos zoos) {
        return switch (role) {
            case ZOO_PRODUCER -> new ZooWork(data);
            case TRAINER -> new TrainWork(data, zoos, wires.blobs());
            case SAMPLER -> new SampleWork(data, wires.blobs());
            case EVALUATOR -> new EvaluateWork(data, zoos, wires.log(), wires.blobs());
        };
    }

    /** Host, process and start of the process: the same process id may come again. */
    private static String name() {
        ProcessHandle process = ProcessHandle.current();
        long start = process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            host = "localhost";
        }
        return "%s/%d/%s".formatted(host, process.pid(), Long.toString(start, Character.MAX_RADIX));
    }

    /** Completes exceptionally when an actor gives up. */
    CompletableFuture<Void> failure() {
        return failure.copy();
    }

    /** The process is to end soon: closing takes less time for what is to be told. */
    void hasten() {
        hasty = true;
    }

    /** Stops all actors; workers hand back what they hold. What is to be told is told. */
    @Override
    public void close() {
        try {
            stop();
        } finally {
            notifier.ifPresent(this::close);
            tracking.ifPresent(this::close);
        }
    }

    private void close(MlflowTracking server) {
        if (hasty) {
            server.close(MlflowTracking.HASTE);
        } else {
            server.close();
        }
    }

    private void close(Notifier teller) {
        if (hasty) {
            teller.close(Notifier.HASTE);
        } else {
            teller.close();
        }
    }

    private void stop() {
        int patience = notifier.isPresent() ? STOP_SECONDS : WORKERS_STOP_SECONDS;
        system.tell(new Node.Stop());
        try {
            system.getWhenTerminated().toCompletableFuture().get(patience, TimeUnit.SECONDS);
            works.forEach(RoleWork::close);
        } catch (TimeoutException e) {
            LOG.warn("some work did not stop within {} s and is left to the end of the process", patience);
            system.terminate();
        } catch (ExecutionException e) {
            LOG.warn("actors ended with an error", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
