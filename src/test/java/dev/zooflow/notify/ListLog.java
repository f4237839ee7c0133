package dev.zooflow.notify;

import dev.zooflow.experiment.RunId;
import dev.zooflow.message.Event;
import dev.zooflow.message.EventLog;
import dev.zooflow.message.EventRef;
import dev.zooflow.message.Message;
import dev.zooflow.message.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** The topic of runs in memory; readers are called by whoever publishes. */
final class ListLog implements EventLog {

    private final List<Recorded> records = new ArrayList<>();
    private final List<Consumer<Recorded>> readers = new ArrayList<>();
    private long millis = 1_000_000;
    private volatile Runnable beforeReplay = () -> {};

    /** From now on this comes before what stands in the log is read. */
    void beforeReplay(Runnable action) {
        beforeReplay = action;
    }

    /** When the next event is published. */
    synchronized void millis(long time) {
        millis = time;
    }

    synchronized List<Event> events() {
        return records.stream().map(Recorded::event).toList();
    }

    @Override
    public CompletionStage<EventRef> publish(Message message) {
        Recorded recorded;
        List<Consumer<Recorded>> told;
        synchronized (this) {
            recorded = new Recorded((Event) message, new EventRef(Topic.RUNS, 0, records.size()), millis);
            records.add(recorded);
            told = List.copyOf(readers);
        }
        told.forEach(reader -> reader.accept(recorded));
        return CompletableFuture.completedFuture(recorded.ref());
    }

    private synchronized Subscription read(Consumer<Recorded> reader) {
        readers.add(reader);
        return () -> {
            synchronized (this) {
                readers.remove(reader);
            }
        };
    }

    @Override
    public Subscription follow(RunId run, Set<Topic> topics, Consumer<Recorded> handler) {
        replay(run, Topic.RUNS, handler);
        return read(r -> {
            if (r.event().run().equals(run)) {
                handler.accept(r);
            }
        });
    }

    @Override
    public Subscription share(String group, Share share) {
        share.current(false);
        replayAll(Topic.RUNS, share::observe);
        share.current(true);
        return read(share::observe);
    }

    @Override
    public void replay(RunId run, Topic topic, Consumer<Recorded> handler) {
        replayAll(topic, r -> {
            if (r.event().run().equals(run)) {
                handler.accept(r);
            }
        });
    }

    @Override
    public void replayAll(Topic topic, Consumer<Recorded> handler) {
        beforeReplay.run();
        List<Recorded> all;
        synchronized (this) {
            all = List.copyOf(records);
        }
        all.forEach(handler);
    }

    @Override
    public Subscription followAll(Set<Topic> topics, Consumer<Recorded> handler) {
        topics.forEach(topic -> replayAll(topic, handler));
        return read(handler);
    }

    @Override
    public Subscription watch(Set<Topic> topics, Consumer<Recorded> handler) {
        return read(handler);
    }

    @Override
    public Optional<Event> fetch(EventRef ref) {
        return Optional.empty();
    }

    @Override
    public void close() {}
}
