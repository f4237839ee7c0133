package dev.zooflow.app;

import dev.zooflow.actor.Backoff;
import dev.zooflow.actor.Dispatchers;
import dev.zooflow.actor.Node;
import dev.zooflow.actor.RoleWork;
import dev.zooflow.actor.RoleWorker;
import dev.zooflow.actor.Vitals;
import dev.zooflow.actor.WorkContext;
import dev.zooflow.experiment.RunId;
import dev.zooflow.experiment.UserError;
import dev.zooflow.message.EventLog.Subscription;
import dev.zooflow.message.Role;
import dev.zooflow.message.Task;
import dev.zooflow.message.TaskEvent;
import dev.zooflow.message.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorSystem;

/** Tasks in which nothing is done: what remains is what the fleet itself takes, from the queueing to the accepted result. */
final class TrivialTasks implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 60;
    private static final Backoff RESTARTS = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(10), 5);
    private static final Vitals VITALS = new Vitals("cpu", Duration.ofSeconds(5), 10, Duration.ofSeconds(30), () -> 0L);

    private final Wires wires;
    private final ActorSystem<Node.Command> system;
    private final Subscription completions;
    private final BlockingQueue<RunId> completed = new LinkedBlockingQueue<>();
    private int sent;

    /** A worker of one role that does nothing with its tasks. */
    TrivialTasks(Wires wires) {
        this.wires = wires;
        Node.Settings settings = new Node.Settings(
                wires.log(),
                List.of(),
                List.of(new RoleWorker.Settings(new Nothing(), wires.log(), wires.queue(), "bench", VITALS, RESTARTS)),
                new CompletableFuture<>());
        completions = wires.log().watch(Set.of(Topic.RUNS), recorded -> {
            if (recorded.event() instanceof TaskEvent.TaskCompleted done) {
                completed.add(done.run());
            }
        });
        system = ActorSystem.create(Node.create(settings), "bench", Dispatchers.config());
    }

    private static final class Nothing implements RoleWork {
        @Override
        public Role role() {
            return Role.EVALUATOR;
        }

        @Override
        public void perform(Task task, WorkContext context) {}
    }

    /** Queues a task and waits until its result stands in the log; returns milliseconds. */
    double step() {
        RunId run = new RunId("trivial-" + sent++);
        long start = System.nanoTime();
        wires.log().publish(new Task.EvaluateBaselines(run, "name = bench"));
        try {
            if (!run.equals(completed.poll(PATIENCE_SECONDS, TimeUnit.SECONDS))) {
                throw UserError.infrastructure("a task of the benchmark was lost or late. Maybe the disk is full?");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return (System.nanoTime() - start) / 1e6;
    }

    @Override
    public void close() {
        completions.close();
        system.tell(new Node.Stop());
        try {
            system.getWhenTerminated().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            system.terminate();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
