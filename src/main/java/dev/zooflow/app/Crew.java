package dev.zooflow.app;

import dev.zooflow.actor.Backoff;
import dev.zooflow.actor.Coordinator;
import dev.zooflow.actor.Dispatchers;
import dev.zooflow.actor.EvaluateWork;
import dev.zooflow.actor.Node;
import dev.zooflow.actor.RoleWork;
import dev.zooflow.actor.RoleWorker;
import dev.zooflow.actor.RunZoos;
import dev.zooflow.actor.SampleWork;
import dev.zooflow.actor.TaskData;
import dev.zooflow.actor.TrainWork;
import dev.zooflow.actor.ZooWork;
import dev.zooflow.experiment.RunId;
import dev.zooflow.message.Role;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The actors of this process: workers of some roles and, where a run was started here, its coordinator. */
final class Crew implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Crew.class);
    private static final int STOP_SECONDS = 20;
    private static final Backoff PUBLISHING = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10), 10);
    private static final Backoff RESTARTS = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(10), 5);

    private final ActorSystem<Node.Command> system;
    private final List<RoleWork> works;
    private final CompletableFuture<Void> failure;

    private Crew(ActorSystem<Node.Command> system, List<RoleWork> works, CompletableFuture<Void> failure) {
        this.system = system;
        this.works = works;
        this.failure = failure;
    }

    /**
     * Starts the actors.
     *
     * @param run to coordinate, if one was started here
     */
    static Crew start(Wires wires, Set<Role> roles, Path dataDir, Optional<RunId> run) {
        TaskData data = new TaskData(dataDir);
        RunZoos zoos = new RunZoos(wires.log());
        List<RoleWork> works = roles.stream()
                .sorted()
                .map(role -> work(role, wires, data, zoos))
                .toList();
        CompletableFuture<Void> failure = new CompletableFuture<>();
        String name = name();
        Node.Settings settings = new Node.Settings(
                run.map(r -> Coordinator.create(wires.log(), r, PUBLISHING)).stream()
                        .toList(),
                works.stream()
                        .map(work -> new RoleWorker.Settings(work, wires.log(), wires.queue(), name, RESTARTS))
                        .toList(),
                failure);
        return new Crew(ActorSystem.create(Node.create(settings), "zooflow", Dispatchers.config()), works, failure);
    }

    private static RoleWork work(Role role, Wires wires, TaskData data, RunZoos zoos) {
        return switch (role) {
            case ZOO_PRODUCER -> new ZooWork(data);
            case TRAINER -> new TrainWork(data, zoos, wires.blobs());
            case SAMPLER -> new SampleWork(data, wires.blobs());
            case EVALUATOR -> new EvaluateWork(data, zoos, wires.log(), wires.blobs());
        };
    }

    private static String name() {
        try {
            return InetAddress.getLocalHost().getHostName() + "/"
                    + ProcessHandle.current().pid();
        } catch (UnknownHostException e) {
            return "localhost/" + ProcessHandle.current().pid();
        }
    }

    /** Completes exceptionally when an actor gives up. */
    CompletableFuture<Void> failure() {
        return failure.copy();
    }

    /** Stops all actors; workers hand back what they hold. */
    @Override
    public void close() {
        system.tell(new Node.Stop());
        try {
            system.getWhenTerminated().toCompletableFuture().get(STOP_SECONDS, TimeUnit.SECONDS);
            works.forEach(RoleWork::close);
        } catch (TimeoutException e) {
            LOG.warn("some work did not stop within {} s and is left to the end of the process", STOP_SECONDS);
            system.terminate();
        } catch (ExecutionException e) {
            LOG.warn("actors ended with an error", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
