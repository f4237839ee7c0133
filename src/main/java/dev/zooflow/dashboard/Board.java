package dev.zooflow.dashboard;

import dev.zooflow.message.Event;
import dev.zooflow.message.Event.FlowCheckpoint;
import dev.zooflow.message.Event.MetricPoint;
import dev.zooflow.message.Event.Score;
import dev.zooflow.message.RunEvent;
import dev.zooflow.message.TaskEvent;
import dev.zooflow.message.WorkerHeartbeat;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Everything that the page shows, folded from events: what came is in it at once, and how much is kept is bounded whatever
 * comes. Events of a run must come in order within a topic. Thread-safe.
 */
public final class Board {

    /** Parts of the page that change apart from each other. */
    public enum Part {
        RUNS,
        TRIALS,
        CURVES,
        WORKERS,
        LETTERS
    }

    /** Stages with curves over all runs, each of {@link BoundedCurve#ROOM} points a metric at most. */
    static final int MOST_STAGES = 6_000;

    static final int MOST_TRIALS = 20_000;
    private static final int MOST_WORKERS = 1_000;
    private static final int MOST_LETTERS = 500;

    private final Map<String, RunBoard> runs = new LinkedHashMap<>();
    private final Map<String, Worker> workers = new LinkedHashMap<>();
    private final Map<String, DeadLetter> letters = new LinkedHashMap<>();
    private final Map<Part, Long> versions = new EnumMap<>(Part.class);
    private int stages;
    private int trials;
    private int dropped;

    /**
     * A worker as its latest heartbeat tells.
     *
     * @param epochMillis when that was published
     */
    record Worker(WorkerHeartbeat beat, long epochMillis) {}

    /**
     * A record that could not be processed.
     *
     * @param id {@code <topic>/<partition>/<offset>}
     * @param epochMillis when it was put aside
     * @param type of the message; empty where there is none
     * @param replayed whether it was sent on its way again
     */
    public record DeadLetter(String id, long epochMillis, String type, String reason, boolean replayed) {}

    /** Takes an event as it stands in the log. */
    public synchronized void on(Event event, long epochMillis) {
        if (event instanceof WorkerHeartbeat beat) {
            latest(workers, beat.id(), new Worker(beat, epochMillis), MOST_WORKERS);
            changed(Part.WORKERS);
            return;
        }
        RunBoard run = runs.computeIfAbsent(event.run().value(), RunBoard::new);
        int before = run.stages().size();
        int known = run.trials().size();
        run.on(event, epochMillis, MOST_STAGES - stages);
        stages += run.stages().size() - before;
        trials += run.trials().size() - known;
        if (stages >= MOST_STAGES || trials > MOST_TRIALS) {
            dropOldest(run);
        }
        partsOf(event);
    }

    private void partsOf(Event event) {
        if (event instanceof MetricPoint) {
            changed(Part.CURVES);
        } else if (event instanceof Score || event instanceof FlowCheckpoint) {
            changed(Part.TRIALS);
        } else if (event instanceof RunEvent || event instanceof TaskEvent) {
            changed(Part.RUNS);
            changed(Part.TRIALS);
        }
    }

    /** Of runs that are over the oldest one goes, unless there is but this one. */
    private void dropOldest(RunBoard spared) {
        runs.values().stream()
                .filter(r -> r != spared && r.over().isPresent())
                .min(Comparator.comparingLong(RunBoard::submitted))
                .map(RunBoard::run)
                .ifPresent(oldest -> {
                    forget(oldest);
                    dropped++;
                });
    }

    /** Takes a dead letter, or news of one. */
    public synchronized void on(DeadLetter letter) {
        latest(letters, letter.id(), letter, MOST_LETTERS);
        changed(Part.LETTERS);
    }

    private static <V> void latest(Map<String, V> map, String id, V value, int most) {
        map.remove(id);
        map.put(id, value);
        if (map.size() > most) {
            map.remove(map.keySet().iterator().next());
        }
    }

    /** Knows nothing of a run any more, because it is to be read again. */
    public synchronized void forget(String run) {
        RunBoard gone = runs.remove(run);
        if (gone != null) {
            stages -= gone.stages().size();
            trials -= gone.trials().size();
            changed(Part.RUNS);
            changed(Part.TRIALS);
        }
    }

    private void changed(Part part) {
        versions.merge(part, 1L, Long::sum);
    }

    /** A number for each part that changes with it. */
    public synchronized Map<Part, Long> versions() {
        Map<Part, Long> all = new EnumMap<>(Part.class);
        for (Part part : Part.values()) {
            all.put(part, versions.getOrDefault(part, 0L));
        }
        return all;
    }

    /** Reads all runs while nothing changes. */
    synchronized <T> T read(Function<Map<String, RunBoard>, T> reader) {
        return reader.apply(runs);
    }

    synchronized Map<String, Worker> workers() {
        return new LinkedHashMap<>(workers);
    }

    synchronized Map<String, DeadLetter> letters() {
        return new LinkedHashMap<>(letters);
    }

    /** Runs that were left out again, because there were too many. */
    public synchronized int dropped() {
        return dropped;
    }

    /** What one run says. */
    synchronized <T> Optional<T> read(String run, Function<RunBoard, T> reader) {
        return Optional.ofNullable(runs.get(run)).map(reader);
    }
}
