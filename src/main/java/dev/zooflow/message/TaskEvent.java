package dev.zooflow.message;

import com.fasterxml.jackson.annotation.JacksonInject;
import dev.zooflow.experiment.RunId;

/**
 * The life of a task, on topic {@code runs}. Its attempts are numbered from 1 through all of its deliveries, so that what an
 * older one still reports is told from the news of a newer one.
 */
public sealed interface TaskEvent extends Event {

    /** Id of the task. */
    String task();

    @Override
    default Topic topic() {
        return Topic.RUNS;
    }

    /**
     * The coordinator put a task on its queue.
     *
     * @param after attempts that were made at it before; 0 the first time
     */
    record TaskQueued(
            RunId run,
            String task,
            Role role,
            @JacksonInject(NONE) int after) implements TaskEvent {
        /** What stands for {@code after} in records of before tasks were queued again. */
        static final String NONE = "0";

        @Override
        public String id() {
            return after == 0 ? task + "/queued" : task + "/queued/" + after;
        }
    }

    /** A worker began an attempt at a task. */
    record TaskStarted(RunId run, String task, Role role, int attempt, String worker) implements TaskEvent {
        @Override
        public String id() {
            return task + "/started/" + attempt;
        }
    }

    /**
     * An attempt goes on from what an earlier one has saved.
     *
     * @param step of the training from which it goes on
     * @param seconds of training up to there
     */
    record TaskContinued(RunId run, String task, Role role, int attempt, long step, double seconds)
            implements TaskEvent {
        @Override
        public String id() {
            return task + "/continued/" + attempt;
        }
    }

    /** A task is done; its results were published before this. The first in the log counts. */
    record TaskCompleted(RunId run, String task, Role role, int attempt, String worker, double seconds)
            implements TaskEvent {
        @Override
        public String id() {
            return attempt == 1 ? task + "/completed" : task + "/completed/" + attempt;
        }
    }

    /**
     * An attempt failed.
     *
     * @param last whether the task is given up
     */
    record TaskFailed(RunId run, String task, Role role, int attempt, String worker, String reason, boolean last)
            implements TaskEvent {
        @Override
        public String id() {
            return task + "/failed/" + attempt;
        }
    }

    /**
     * A worker took the task off its queue without an end: it stops, or the run is paused or over. The coordinator queues it
     * again when it is wanted.
     */
    record TaskSetAside(RunId run, String task, Role role, int attempt, String worker) implements TaskEvent {
        @Override
        public String id() {
            return task + "/set-aside/" + attempt;
        }
    }

    /**
     * A person wants a task that was given up to be tried again.
     *
     * @param attempt the one that it was given up with
     */
    record TaskRetried(RunId run, String task, int attempt) implements TaskEvent {
        @Override
        public String id() {
            return task + "/retried/" + attempt;
        }
    }

    /**
     * The coordinator wants no more of a training: its trial is stopped early.
     *
     * @param step of the checkpoint that decided
     * @param seconds of training up to there
     * @param reason value and bound
     */
    record TaskStopped(RunId run, String task, Role role, long step, double seconds, String reason)
            implements TaskEvent {
        @Override
        public String id() {
            return task + "/stopped";
        }
    }

    /**
     * An attempt makes no progress.
     *
     * @param seconds since it last reported any
     */
    record TaskStuck(RunId run, String task, Role role, int attempt, String worker, double seconds)
            implements TaskEvent {
        @Override
        public String id() {
            return task + "/stuck/" + attempt;
        }
    }
}
