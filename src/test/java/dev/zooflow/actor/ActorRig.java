package dev.zooflow.actor;

import dev.zooflow.message.Role;
import dev.zooflow.message.RunEvent;
import dev.zooflow.tensor.ComputeDevice;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;

/** Actors of one test with their ports in memory. */
final class ActorRig implements AutoCloseable {

    static final Vitals VITALS = new Vitals(Duration.ofMillis(50), 4, Duration.ofMillis(100), () -> 77);
    static final Backoff BACKOFF = new Backoff(Duration.ofMillis(20), Duration.ofMillis(50), 20);

    final ActorTestKit kit = ActorTestKit.create(Dispatchers.config(List.of(ComputeDevice.CPU)));
    final InMemoryWorkQueue queue = new InMemoryWorkQueue(3);
    final InMemoryEventLog log = new InMemoryEventLog(queue::add);
    final Map<Role, FakeWork> works = new EnumMap<>(Role.class);
    private int coordinators;

    /** A coordinator of the sample run. */
    ActorRef<Coordinator.Command> coordinator() {
        return kit.spawn(coordinator("c" + ++coordinators, BACKOFF));
    }

    Behavior<Coordinator.Command> coordinator(String name, Backoff backoff) {
        return Coordinator.create(log, new Coordinator.Settings(SampleRun.RUN, name, backoff));
    }

    /** A worker that does this. */
    ActorRef<RoleWorker.Command> worker(FakeWork work) {
        works.put(work.role(), work);
        return kit.spawn(RoleWorker.create(new RoleWorker.Settings(
                work, log, queue, "worker-" + work.role().id(), ComputeDevice.CPU, VITALS, BACKOFF)));
    }

    /** Workers for every role that has none yet. */
    void workers() {
        for (Role role : Role.values()) {
            if (!works.containsKey(role)) {
                worker(new FakeWork(role));
            }
        }
    }

    /** The end of the sample run. */
    RunEvent.RunCompleted awaitEnd() {
        await(() -> !log.events(RunEvent.RunCompleted.class).isEmpty());
        return log.events(RunEvent.RunCompleted.class).get(0);
    }

    /** Waits for a condition, ten seconds at most. */
    static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("waited 10 s in vain");
            }
            try {
                Thread.sleep(5);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public void close() {
        kit.shutdownTestKit();
        log.close();
    }
}
