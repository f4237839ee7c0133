package dev.zooflow.actor;

import dev.zooflow.message.TaskEvent;
import dev.zooflow.message.TaskEvent.TaskCompleted;
import dev.zooflow.message.TaskEvent.TaskFailed;
import dev.zooflow.message.TaskEvent.TaskQueued;
import dev.zooflow.message.TaskEvent.TaskRetried;
import dev.zooflow.message.TaskEvent.TaskSetAside;
import dev.zooflow.message.TaskEvent.TaskStarted;
import dev.zooflow.message.TaskEvent.TaskStopped;
import org.pcollections.HashTreePMap;
import org.pcollections.HashTreePSet;
import org.pcollections.PMap;
import org.pcollections.PSet;

/**
 * Where the tasks of a run stand: the fold of their {@link TaskEvent}s. All values are attempt numbers by task id and only
 * rise, but for {@code completed}, where the first in the log stays.
 *
 * @param queued attempts before the latest queueing
 * @param started latest attempt that began, or ended before it did
 * @param completed the accepted attempt
 * @param givenUp latest attempt after which nobody tries any more
 * @param retried those after which it was to be tried again, all of them
 * @param setAside latest attempt that took the task off its queue without an end
 * @param failed latest attempt that failed and is to be followed by another one
 * @param stopped tasks of which no more is wanted
 * @param fenced {@code <task>/<attempt>} that completed after another one had: dropped, but counted
 */
public record TaskBook(
        PMap<String, Integer> queued,
        PMap<String, Integer> started,
        PMap<String, Integer> completed,
        PMap<String, Integer> givenUp,
        PMap<String, PSet<Integer>> retried,
        PMap<String, Integer> setAside,
        PMap<String, Integer> failed,
        PSet<String> stopped,
        PSet<String> fenced) {

    /** No task known yet. */
    public static final TaskBook EMPTY = new TaskBook(
            HashTreePMap.empty(),
            HashTreePMap.empty(),
            HashTreePMap.empty(),
            HashTreePMap.empty(),
            HashTreePMap.empty(),
            HashTreePMap.empty(),
            HashTreePMap.empty(),
            HashTreePSet.empty(),
            HashTreePSet.empty());

    /** With one more event known. */
    public TaskBook with(TaskEvent event) {
        String task = event.task();
        if (event instanceof TaskQueued e) {
            return withQueued(task, e.after());
        } else if (event instanceof TaskStarted e) {
            return withStarted(Folding.most(started, task, e.attempt()));
        } else if (event instanceof TaskCompleted e) {
            return withCompleted(task, e.attempt());
        } else if (event instanceof TaskFailed e && e.last()) {
            PMap<String, Integer> more = Folding.most(givenUp, task, e.attempt());
            PMap<String, Integer> attempts = Folding.most(started, task, e.attempt());
            return new TaskBook(queued, attempts, completed, more, retried, setAside, failed, stopped, fenced);
        } else if (event instanceof TaskFailed e) {
            PMap<String, Integer> more = Folding.most(failed, task, e.attempt());
            PMap<String, Integer> attempts = Folding.most(started, task, e.attempt());
            return new TaskBook(queued, attempts, completed, givenUp, retried, setAside, more, stopped, fenced);
        } else if (event instanceof TaskRetried e) {
            PMap<String, PSet<Integer>> more = retried.plus(task, retries(task).plus(e.attempt()));
            return new TaskBook(queued, started, completed, givenUp, more, setAside, failed, stopped, fenced);
        } else if (event instanceof TaskSetAside e) {
            PMap<String, Integer> more = Folding.most(setAside, task, e.attempt());
            PMap<String, Integer> attempts = Folding.most(started, task, e.attempt());
            return new TaskBook(queued, attempts, completed, givenUp, retried, more, failed, stopped, fenced);
        } else if (event instanceof TaskStopped) {
            PSet<String> more = stopped.plus(task);
            return new TaskBook(queued, started, completed, givenUp, retried, setAside, failed, more, fenced);
        }
        return this;
    }

    /** With one more task on its queue, though the event that says so may still be on its way. */
    public TaskBook withQueued(String task, int after) {
        PMap<String, Integer> more = Folding.most(queued, task, after);
        return new TaskBook(more, started, completed, givenUp, retried, setAside, failed, stopped, fenced);
    }

    private TaskBook withStarted(PMap<String, Integer> more) {
        return new TaskBook(queued, more, completed, givenUp, retried, setAside, failed, stopped, fenced);
    }

    private TaskBook withCompleted(String task, int attempt) {
        PMap<String, Integer> more = Folding.first(completed, task, attempt);
        PSet<String> late = more.get(task) == attempt ? fenced : fenced.plus(task + "/" + attempt);
        return new TaskBook(queued, started, more, givenUp, retried, setAside, failed, stopped, late);
    }

    /**
     * Attempts whose queueing is used up: the next queueing comes after them. An attempt that is set aside because a later
     * one goes on uses nothing up; queued again for its sake, the task would go from worker to worker, each ending the other.
     * But when the later one fails, too, it may be that the earlier had the lock and took the task off its queue.
     */
    public int ended(String task) {
        int aside = setAside.getOrDefault(task, 0);
        int taken = aside > queued.getOrDefault(task, 0) ? Math.max(aside, failed.getOrDefault(task, 0)) : aside;
        boolean goesOn = taken < started.getOrDefault(task, 0);
        return Math.max(latestRetry(task), goesOn ? 0 : taken);
    }

    /** The attempts after which a task was to be tried again. */
    public PSet<Integer> retries(String task) {
        return retried.getOrDefault(task, HashTreePSet.empty());
    }

    private int latestRetry(String task) {
        return retries(task).stream().mapToInt(n -> n).max().orElse(0);
    }

    /** The number of the next attempt. */
    public int nextAttempt(String task) {
        return 1 + started.getOrDefault(task, 0);
    }

    /** Whether a task needs no queueing: it is on its queue or in a worker's hands, or settled. */
    public boolean knows(String task) {
        return isSettled(task) || queued.getOrDefault(task, -1) >= ended(task);
    }

    /** Whether a task is completed, stopped or given up. */
    public boolean isSettled(String task) {
        return completed.containsKey(task) || stopped.contains(task) || isLost(task);
    }

    /** Whether a task was stopped and no attempt completed it after all. */
    public boolean isStopped(String task) {
        return stopped.contains(task) && !completed.containsKey(task);
    }

    /** Whether a task was given up, no other attempt completed it after all, and nobody asked to try it again. */
    public boolean isLost(String task) {
        return !completed.containsKey(task)
                && !stopped.contains(task)
                && givenUp.getOrDefault(task, 0) > latestRetry(task);
    }

    /** Whether every task that is on its queue or in a worker's hands is settled. */
    public boolean isQuiet() {
        return queued.keySet().stream().filter(this::knows).allMatch(this::isSettled);
    }
}
