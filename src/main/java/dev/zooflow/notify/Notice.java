package dev.zooflow.notify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.zooflow.experiment.RunId;
import dev.zooflow.message.Event;
import dev.zooflow.message.EventLog.Recorded;
import dev.zooflow.message.RunEvent.RunCompleted;
import dev.zooflow.message.TaskEvent.TaskFailed;
import dev.zooflow.message.TaskEvent.TaskStuck;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * What is told of one event.
 *
 * @param run that it belongs to
 * @param about id of the event in its run, by which two notices of the same are known
 * @param kind of news
 * @param task that it is about; empty when it is the run
 * @param reason in words, of bounded length
 * @param time of the event
 */
public record Notice(RunId run, String about, Kind kind, String task, String reason, Instant time) {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int LONGEST_REASON = 1_000;

    /** Cuts the reason. */
    public Notice {
        reason = reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON) + " …";
    }

    /** What there is to tell of an event; most are of no concern. A person who ended a run knows of it. */
    static Optional<Notice> of(Recorded recorded) {
        Event event = recorded.event();
        if (event instanceof TaskFailed e && e.last()) {
            return Optional.of(notice(recorded, Kind.FAILED, e.task(), e.reason()));
        } else if (event instanceof TaskStuck e) {
            String reason = String.format(
                    Locale.ROOT, "attempt %d on %s shows no progress for %.0f s", e.attempt(), e.worker(), e.seconds());
            return Optional.of(notice(recorded, Kind.STUCK, e.task(), reason));
        } else if (event instanceof RunCompleted e && !e.endedByPerson()) {
            String reason = e.failed().isEmpty() ? "completed" : "failed: " + String.join(", ", e.failed());
            return Optional.of(notice(recorded, Kind.DONE, "", reason));
        }
        return Optional.empty();
    }

    private static Notice notice(Recorded recorded, Kind kind, String task, String reason) {
        Event event = recorded.event();
        Instant time = Instant.ofEpochMilli(recorded.epochMillis());
        return new Notice(event.run(), event.id(), kind, task, reason, time);
    }

    /** The same for all copies of a notice. */
    String id() {
        return run.value() + "/" + about;
    }

    /** One line of JSON; {@code text} says all in a sentence, for what shows people nothing else. */
    String json() {
        ObjectNode node = MAPPER.createObjectNode();
        node.put("id", id());
        node.put("run", run.value());
        node.put("kind", kind.id());
        node.put("task", task);
        node.put("reason", reason);
        node.put("time", time.toString());
        String what = task.isEmpty() ? run.value() : run.value() + ", " + task;
        node.put("text", "zooflow: %s: %s: %s".formatted(what, kind.id(), reason));
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of JSON nodes can always be written", e);
        }
    }
}
