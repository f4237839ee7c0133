package dev.zooflow.actor;

import dev.zooflow.message.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A context that keeps what is published. */
final class Recorder implements WorkContext {

    private final List<Event> events = new ArrayList<>();

    @Override
    public void publish(Event event) {
        events.add(event);
    }

    @Override
    public int attempt() {
        return 1;
    }

    @Override
    public boolean cancelled() {
        return false;
    }

    <E extends Event> Stream<E> of(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast);
    }
}
