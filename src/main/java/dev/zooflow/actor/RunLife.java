package dev.zooflow.actor;

import dev.zooflow.message.RunEvent;
import dev.zooflow.message.RunEvent.CoordinatorStarted;
import dev.zooflow.message.RunEvent.RunCompleted;
import dev.zooflow.message.RunEvent.RunContinued;
import dev.zooflow.message.RunEvent.RunPaused;
import dev.zooflow.message.RunEvent.RunResumed;
import java.util.Optional;
import org.pcollections.HashTreePMap;
import org.pcollections.HashTreePSet;
import org.pcollections.PMap;
import org.pcollections.PSet;

/**
 * Where a run stands as a whole: the fold of its {@link RunEvent}s, the same for any order of different producers.
 *
 * @param submitted whether its experiment is known
 * @param offered whether any coordinator of the fleet may take it
 * @param round from 1; rises with each {@link RunResumed}
 * @param ends of rounds
 * @param pauses by number
 * @param continued numbers of pauses that are over
 * @param reign the coordinator in charge
 */
public record RunLife(
        boolean submitted,
        boolean offered,
        int round,
        PMap<Integer, RunCompleted> ends,
        PSet<Integer> pauses,
        PSet<Integer> continued,
        Optional<CoordinatorStarted> reign) {

    /** Nothing known yet. */
    public static final RunLife NONE = new RunLife(
            false, false, 1, HashTreePMap.empty(), HashTreePSet.empty(), HashTreePSet.empty(), Optional.empty());

    /** With one more event known. */
    public RunLife with(RunEvent event) {
        if (event instanceof RunEvent.RunSubmitted) {
            return new RunLife(true, offered, round, ends, pauses, continued, reign);
        } else if (event instanceof RunEvent.RunOffered) {
            return new RunLife(submitted, true, round, ends, pauses, continued, reign);
        } else if (event instanceof RunResumed e) {
            return new RunLife(submitted, offered, Math.max(round, e.round()), ends, pauses, continued, reign);
        } else if (event instanceof RunCompleted e) {
            PMap<Integer, RunCompleted> more = Folding.first(ends, e.round(), e);
            return new RunLife(submitted, offered, round, more, pauses, continued, reign);
        } else if (event instanceof RunPaused e) {
            PSet<Integer> more = pauses.plus(e.number());
            return new RunLife(submitted, offered, round, ends, more, continued, reign);
        } else if (event instanceof RunContinued e) {
            PSet<Integer> more = continued.plus(e.number());
            return new RunLife(submitted, offered, round, ends, pauses, more, reign);
        } else if (event instanceof CoordinatorStarted e) {
            return new RunLife(submitted, offered, round, ends, pauses, continued, successor(e));
        }
        return this;
    }

    private Optional<CoordinatorStarted> successor(CoordinatorStarted next) {
        return reign.filter(r -> r.epoch() >= next.epoch()).or(() -> Optional.of(next));
    }

    /** The end of the present round, once it was published. */
    public Optional<RunCompleted> over() {
        return Optional.ofNullable(ends.get(round));
    }

    /** Whether nothing is to be begun for the time being. */
    public boolean paused() {
        return !continued.containsAll(pauses);
    }

    /** The number of the next pause. */
    public int nextPause() {
        return 1 + pauses.stream().mapToInt(n -> n).max().orElse(0);
    }

    /** Whether a coordinator of the fleet is to take it. */
    public boolean open() {
        return submitted && offered && over().isEmpty();
    }
}
