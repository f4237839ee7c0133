package dev.zooflow.app;

import dev.zooflow.message.Event;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * A flow and its training.
 *
 * @param step that training has come to
 * @param progress of its budget, in [0, 1]
 * @param seconds of training so far
 * @param loss latest; NaN before the first
 * @param scores latest, of a checkpoint or in the end; empty before the first
 * @param scored whether they are those of the end
 * @param note why it failed or was stopped early; empty otherwise
 */
record TrialProgress(
        String name,
        State state,
        long step,
        double progress,
        double seconds,
        double loss,
        Map<String, Double> scores,
        boolean scored,
        String note) {

    /** Where a trial stands. */
    enum State {
        RUNNING,
        COMPLETED,
        /** Early, by the rule of a sweep. */
        STOPPED,
        FAILED,
        WAITING
    }

    static TrialProgress waiting(String name) {
        return new TrialProgress(name, State.WAITING, 0, 0, 0, Double.NaN, Map.of(), false, "");
    }

    /** Whether its training came to an end that is good: all of it, or as much as its sweep wanted. */
    boolean isOver() {
        return state == State.COMPLETED || state == State.STOPPED;
    }

    TrialProgress in(State next, String why) {
        return new TrialProgress(name, next, step, progress, seconds, loss, scores, scored, why);
    }

    TrialProgress at(Event.MetricPoint e) {
        double latest = e.values().getOrDefault("loss", Double.NaN);
        State next = isOver() ? state : State.RUNNING;
        String why = isOver() ? note : "";
        return new TrialProgress(name, next, e.step(), e.progress(), e.seconds(), latest, scores, scored, why);
    }

    TrialProgress with(Event.FlowCheckpoint e) {
        double part = e.last() ? 1 : progress;
        return new TrialProgress(name, state, e.step(), part, e.seconds(), e.loss(), scores, scored, note);
    }

    TrialProgress with(Event.Score e) {
        return scored && !e.last()
                ? this
                : new TrialProgress(name, state, step, progress, seconds, loss, e.values(), e.last(), note);
    }

    /** Steps a second; 0 before there are any. */
    double rate() {
        return seconds > 0 ? step / seconds : 0;
    }

    /** Seconds until its training ends; none unless it runs and has come some way. */
    OptionalDouble toGo() {
        return state == State.RUNNING && progress > 0
                ? OptionalDouble.of(seconds * (1 - progress) / progress)
                : OptionalDouble.empty();
    }

    /** Value of a score; NaN while it is unknown. */
    double score(String key) {
        return scores.getOrDefault(key, Double.NaN);
    }
}
