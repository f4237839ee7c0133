package dev.zooflow.health;

import dev.zooflow.experiment.RunId;
import dev.zooflow.message.Event;
import dev.zooflow.message.EventLog;
import dev.zooflow.message.EventRef;
import dev.zooflow.message.Message;
import dev.zooflow.message.Topic;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** An event log that tells {@link WorkFigures} what this process publishes and what its coordinators read. */
public final class MeteredEventLog implements EventLog {

    private final EventLog log;
    private final WorkFigures figures;

    /** In front of this log, which its maker closes. */
    public MeteredEventLog(EventLog log, WorkFigures figures) {
        this.log = log;
        this.figures = figures;
    }

    @Override
    public CompletionStage<EventRef> publish(Message message) {
        return metered(message, log.publish(message));
    }

    @Override
    public Optional<CompletionStage<EventRef>> offer(Message message) {
        return log.offer(message).map(place -> metered(message, place));
    }

    private CompletionStage<EventRef> metered(Message message, CompletionStage<EventRef> place) {
        return place.whenComplete((ref, failure) -> {
            if (failure != null) {
                figures.failed();
            } else if (message instanceof Event event) {
                figures.published(event);
            }
        });
    }

    @Override
    public Subscription follow(RunId run, Set<Topic> topics, Consumer<Recorded> handler) {
        Consumer<Recorded> late = figures.lateResults();
        return log.follow(run, topics, recorded -> {
            late.accept(recorded);
            handler.accept(recorded);
        });
    }

    @Override
    public Subscription followAll(Set<Topic> topics, Consumer<Recorded> handler) {
        return log.followAll(topics, handler);
    }

    @Override
    public Subscription watch(Set<Topic> topics, Consumer<Recorded> handler) {
        return log.watch(topics, handler);
    }

    @Override
    public Subscription share(String group, Share share) {
        return log.share(group, share);
    }

    @Override
    public void replay(RunId run, Topic topic, Consumer<Recorded> handler) {
        log.replay(run, topic, handler);
    }

    @Override
    public void replayAll(Topic topic, Consumer<Recorded> handler) {
        log.replayAll(topic, handler);
    }

    @Override
    public Optional<Event> fetch(EventRef ref) {
        return log.fetch(ref);
    }

    @Override
    public void close() {
        log.close();
    }
}
