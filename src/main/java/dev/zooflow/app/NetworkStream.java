package dev.zooflow.app;

import dev.zooflow.experiment.RunId;
import dev.zooflow.experiment.UserError;
import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.message.Event;
import dev.zooflow.message.EventLog.Subscription;
import dev.zooflow.message.EventRef;
import dev.zooflow.message.Role;
import dev.zooflow.message.Task;
import dev.zooflow.message.WorkQueue.Delivery;
import dev.zooflow.tensor.Seed;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Networks on their way from a sampler to an evaluator: published as an event, asked for with a task on the evaluator's queue,
 * taken from there, fetched and checked, and only then accepted.
 */
final class NetworkStream implements AutoCloseable {

    /** Takers of the queue. Each has one task at a time. */
    static final int EVALUATORS = 4;

    private static final int PATIENCE_SECONDS = 120;

    private final Wires wires;
    private final RunId run;
    private final WeightBatch batch;
    private final int messages;
    private final BlockingQueue<Boolean> accepted = new LinkedBlockingQueue<>();
    private final List<Subscription> evaluators;
    private int sent;

    /**
     * A stream.
     *
     * @param networks of a message
     * @param messages of a step
     */
    NetworkStream(Wires wires, RunId run, Architecture architecture, int networks, int messages) {
        this.wires = wires;
        this.run = run;
        this.batch = new WeightBatch(
                architecture, new Seed(1).gaussian(Math.multiplyExact(networks, architecture.parameters())));
        this.messages = messages;
        this.evaluators = Stream.generate(() -> wires.queue().consume(Role.EVALUATOR, this::take))
                .limit(EVALUATORS)
                .toList();
    }

    private void take(Delivery delivery) {
        Task.EvaluateGenerated task = (Task.EvaluateGenerated) delivery.task();
        boolean whole = wires.log()
                .fetch(task.networks())
                .filter(Event.GeneratedNetworks.class::isInstance)
                .map(Event.GeneratedNetworks.class::cast)
                .filter(g -> g.networks().size() == batch.size())
                .isPresent();
        delivery.accept().whenComplete((done, failure) -> accepted.add(whole && failure == null));
    }

    /** Sends so many messages as a step has and waits until the evaluator has accepted them; returns seconds. */
    double step() {
        long start = System.nanoTime();
        for (int i = 0; i < messages; i++) {
            int index = sent++;
            wires.log()
                    .awaitRoom(generated(index), NetworkStream::pause)
                    .thenAcceptAsync(ref -> wires.log().publish(task(index, ref)));
        }
        for (int i = 0; i < messages; i++) {
            check(next());
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw UserError.infrastructure("interrupted", e);
        }
    }

    private Boolean next() {
        try {
            return accepted.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static void check(Boolean good) {
        if (good == null || !good) {
            throw UserError.infrastructure("networks of the benchmark were lost or late. Maybe the disk is full?");
        }
    }

    private Event generated(int index) {
        return new Event.GeneratedNetworks(run, "bench", "", index, index, 0, false, 0, batch);
    }

    private Task task(int index, EventRef ref) {
        return new Task.EvaluateGenerated(run, "name = bench", "bench", "", index, index, 0, false, ref);
    }

    /** Figures of the median step. */
    Map<String, Object> figures(double seconds) {
        double networks = (double) messages * batch.size() / seconds;
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("parameters", batch.architecture().parameters());
        figures.put("networks_per_message", batch.size());
        figures.put("networks_per_second", networks);
        figures.put("megabytes_per_second", networks * batch.architecture().parameters() * Float.BYTES / 1e6);
        return figures;
    }

    @Override
    public void close() {
        evaluators.forEach(Subscription::close);
    }
}
