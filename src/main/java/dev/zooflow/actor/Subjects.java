package dev.zooflow.actor;

import dev.zooflow.message.Event;
import dev.zooflow.message.TaskEvent;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What events are about. */
final class Subjects {

    /** Ids of the tasks of a flow, and groups of its networks; a flow's name has neither slash nor plus. */
    private static final Pattern OF_FLOW =
            Pattern.compile("(?:train|sample|evaluate|likelihood|transfer|generated)/([^/+]+).*");

    private Subjects() {}

    /** The flow that an event is about; empty where it may concern the whole run. */
    static Optional<String> flow(Event event) {
        if (event instanceof Event.FlowCheckpoint e) {
            return Optional.of(e.flow());
        } else if (event instanceof Event.GeneratedNetworks e) {
            return Optional.of(e.flow());
        } else if (event instanceof Event.Score e) {
            return flow(e.group());
        }
        return event instanceof TaskEvent e ? flow(e.task()) : Optional.empty();
    }

    private static Optional<String> flow(String id) {
        Matcher matcher = OF_FLOW.matcher(id);
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }
}
