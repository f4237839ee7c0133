package dev.zooflow.dashboard;

import dev.zooflow.message.Event.FlowCheckpoint;
import dev.zooflow.message.Event.Score;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One flow of a run: what it was made with, its checkpoints and scores. Owned by one thread. */
final class Trial {

    /** Checkpoints and scores that are kept of a trial; of more, every second one goes. */
    static final int MOST = 256;

    private static final String AVERAGE = "bma_accuracy_16";

    private final String name;
    private Map<String, Object> parameters = Map.of();
    private final List<Checkpoint> checkpoints = new ArrayList<>();
    private final TreeMap<Long, Scored> history = new TreeMap<>();
    private Optional<Scored> latest = Optional.empty();
    private int published;
    private String failed = "";
    private String reason = "";

    /**
     * A checkpoint as it was published.
     *
     * @param epochMillis when
     * @param seconds of training so far
     */
    record Checkpoint(String label, long step, double seconds, double loss, boolean last, long epochMillis) {}

    /**
     * What a checkpoint was scored with.
     *
     * @param values by name, without those of model averages of all sizes
     */
    record Scored(long step, double seconds, boolean last, Map<String, Double> values) {}

    Trial(String name) {
        this.name = name;
    }

    void parameters(Map<String, Object> keys) {
        parameters = keys;
    }

    void on(FlowCheckpoint c, long epochMillis) {
        if (checkpoints.stream().noneMatch(k -> k.label().equals(c.label()))) {
            published++;
            checkpoints.add(new Checkpoint(c.label(), c.step(), c.seconds(), c.loss(), c.last(), epochMillis));
            if (checkpoints.size() > MOST) {
                dropEverySecond(checkpoints.iterator());
            }
        }
    }

    void on(Score score) {
        Map<String, Double> values = new TreeMap<>();
        score.values().forEach((key, value) -> {
            if (!key.startsWith("bma_") || key.equals(AVERAGE)) {
                values.put(key.intern(), value);
            }
        });
        Scored scored = new Scored(score.step(), score.seconds(), score.last(), Map.copyOf(values));
        history.put(score.step(), scored);
        if (history.size() > MOST) {
            dropEverySecond(history.values().iterator());
        }
        // Checkpoints are scored side by side, so that an earlier one's score may come later.
        if (latest.isEmpty()
                || scored.last()
                || (!latest.get().last() && scored.step() >= latest.get().step())) {
            latest = Optional.of(scored);
        }
    }

    private static void dropEverySecond(Iterator<?> all) {
        for (int i = 0; all.hasNext(); i++) {
            all.next();
            if (i % 2 == 1) {
                all.remove();
            }
        }
    }

    /** A task of the trial was given up. */
    void failed(String task, String why) {
        failed = task;
        reason = why;
    }

    /** The task that was given up goes on after all. */
    void mended(String task) {
        if (failed.equals(task)) {
            failed = "";
            reason = "";
        }
    }

    boolean hasFailed() {
        return !failed.isEmpty();
    }

    String reason() {
        return reason;
    }

    String name() {
        return name;
    }

    Map<String, Object> parameters() {
        return parameters;
    }

    /** Some of the checkpoints, in the order in which they were published. */
    List<Checkpoint> checkpoints() {
        return checkpoints;
    }

    /** How many were published. */
    int published() {
        return published;
    }

    /** Some of the scores, by step. */
    Iterable<Scored> history() {
        return history.values();
    }

    /** The final score, before it is there that of the latest checkpoint. */
    Optional<Scored> latest() {
        return latest;
    }

    /** Whether it has its final score. */
    boolean isScored() {
        return latest.filter(Scored::last).isPresent();
    }
}
