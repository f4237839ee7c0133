package dev.zooflow.actor;

import dev.zooflow.experiment.RunId;
import dev.zooflow.message.Event;
import dev.zooflow.message.EventLog;
import dev.zooflow.message.EventRef;
import dev.zooflow.message.Message;
import dev.zooflow.message.StoreUnavailableException;
import dev.zooflow.message.Task;
import dev.zooflow.message.Topic;
import dev.zooflow.message.WorkerHeartbeat;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** An event log in memory, one partition per topic. Tasks go to the queue of the same test. */
public final class InMemoryEventLog implements EventLog {

    private final List<Recorded> records = new ArrayList<>();
    private final List<Follower> followers = new ArrayList<>();
    private final Consumer<Task> queue;
    private Predicate<Message> refused = message -> false;
    private int copies = 1;
    private int refusals;
    private volatile boolean full;
    private volatile boolean storeAway;
    private final AtomicInteger readInVain = new AtomicInteger();

    /** How often a run was read while the store was away. */
    int readInVain() {
        return readInVain.get();
    }

    /** Whether no run can be read from now on, as what lies in the blob store can't. */
    void storeAway(boolean now) {
        storeAway = now;
    }

    /** Whether no offer is taken from now on. */
    void full(boolean now) {
        full = now;
    }

    /** An empty one. */
    public InMemoryEventLog(Consumer<Task> queue) {
        this.queue = queue;
    }

    /** From now on publishing fails for messages like these. */
    synchronized void refuse(Predicate<Message> messages) {
        refused = messages;
    }

    /** How often publishing failed. */
    synchronized int refusals() {
        return refusals;
    }

    /** From now on every message arrives so many times. */
    synchronized void copies(int times) {
        copies = times;
    }

    /** All events of runs so far, as published: no heartbeats. */
    synchronized List<Recorded> records() {
        return records.stream()
                .filter(r -> !(r.event() instanceof WorkerHeartbeat))
                .toList();
    }

    /** All heartbeats so far. */
    synchronized List<WorkerHeartbeat> heartbeats() {
        return records.stream()
                .map(Recorded::event)
                .filter(WorkerHeartbeat.class::isInstance)
                .map(WorkerHeartbeat.class::cast)
                .toList();
    }

    /** All events of a type so far. */
    <E extends Event> List<E> events(Class<E> type) {
        return records().stream()
                .map(Recorded::event)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    @Override
    public CompletionStage<EventRef> publish(Message message) {
        List<Task> tasks = new ArrayList<>();
        EventRef ref;
        synchronized (this) {
            if (refused.test(message)) {
                refusals++;
                return CompletableFuture.failedFuture(new IllegalStateException("broker is down"));
            }
            ref = new EventRef(message.topic(), 0, 0);
            for (int i = 0; i < copies; i++) {
                ref = append(message, tasks);
            }
        }
        tasks.forEach(queue);
        return CompletableFuture.completedFuture(ref);
    }

    @Override
    public Optional<CompletionStage<EventRef>> offer(Message message) {
        return full ? Optional.empty() : Optional.of(publish(message));
    }

    private EventRef append(Message message, List<Task> tasks) {
        EventRef ref = new EventRef(message.topic(), 0, records.size());
        if (message instanceof Task task) {
            tasks.add(task);
        } else {
            Recorded recorded = new Recorded((Event) message, ref, 1_000_000L + 10L * records.size());
            records.add(recorded);
            followers.forEach(f -> f.offer(recorded));
        }
        return ref;
    }

    @Override
    public synchronized Subscription follow(RunId run, Set<Topic> topics, Consumer<Recorded> handler) {
        Follower follower =
                new Follower(r -> ofRun(r, run) && topics.contains(r.ref().topic()), handler);
        records.forEach(follower::offer);
        followers.add(follower);
        return follower;
    }

    @Override
    public synchronized Subscription followAll(Set<Topic> topics, Consumer<Recorded> handler) {
        Follower follower = new Follower(r -> topics.contains(r.ref().topic()), handler);
        records.forEach(follower::offer);
        followers.add(follower);
        return follower;
    }

    @Override
    public void replay(RunId run, Topic topic, Consumer<Recorded> handler) {
        if (storeAway) {
            readInVain.incrementAndGet();
            throw new UncheckedIOException(new StoreUnavailableException("blob store (memory) is away"));
        }
        records().stream()
                .filter(r -> ofRun(r, run) && r.ref().topic() == topic)
                .forEach(handler);
    }

    @Override
    public synchronized Subscription watch(Set<Topic> topics, Consumer<Recorded> handler) {
        Follower follower = new Follower(r -> topics.contains(r.ref().topic()), handler);
        followers.add(follower);
        return follower;
    }

    /** The one member, to whom all runs fall. */
    @Override
    public synchronized Subscription share(String group, Share share) {
        Follower follower = new Follower(r -> r.ref().topic() == Topic.RUNS, share::observe);
        records.forEach(follower::offer);
        follower.thread.execute(() -> share.current(true));
        followers.add(follower);
        return follower;
    }

    @Override
    public void replayAll(Topic topic, Consumer<Recorded> handler) {
        records().stream().filter(r -> r.ref().topic() == topic).forEach(handler);
    }

    private static boolean ofRun(Recorded recorded, RunId run) {
        return recorded.event().run().equals(run);
    }

    @Override
    public Optional<Event> fetch(EventRef ref) {
        return records().stream()
                .filter(r -> r.ref().equals(ref))
                .map(Recorded::event)
                .findFirst();
    }

    @Override
    public synchronized void close() {
        List.copyOf(followers).forEach(Follower::close);
    }

    private static final class Follower implements Subscription {
        private final ExecutorService thread = Executors.newSingleThreadExecutor();
        private final AtomicBoolean closed = new AtomicBoolean();
        private final Predicate<Recorded> wanted;
        private final Consumer<Recorded> handler;

        Follower(Predicate<Recorded> wanted, Consumer<Recorded> handler) {
            this.wanted = wanted;
            this.handler = handler;
        }

        void offer(Recorded recorded) {
            if (!closed.get() && wanted.test(recorded)) {
                thread.execute(() -> {
                    if (!closed.get()) {
                        handler.accept(recorded);
                    }
                });
            }
        }

        @Override
        public void close() {
            closed.set(true);
            thread.shutdown();
            try {
                thread.awaitTermination(1, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
