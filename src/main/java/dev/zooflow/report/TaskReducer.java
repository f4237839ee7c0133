package dev.zooflow.report;

import dev.zooflow.message.Role;
import dev.zooflow.message.TaskEvent;
import dev.zooflow.message.TaskEvent.TaskCompleted;
import dev.zooflow.message.TaskEvent.TaskFailed;
import dev.zooflow.message.TaskEvent.TaskQueued;
import dev.zooflow.message.TaskEvent.TaskRetried;
import dev.zooflow.message.TaskEvent.TaskSetAside;
import dev.zooflow.message.TaskEvent.TaskStarted;
import dev.zooflow.message.TaskEvent.TaskStopped;
import dev.zooflow.report.TaskState.Status;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The states of a run's tasks from its events. A completed task stays completed, whatever else its attempts report. */
public final class TaskReducer {

    private static final Comparator<TaskState> ORDER =
            Comparator.comparing(TaskState::role).thenComparing(TaskState::task, new NaturalOrder());

    private final Map<String, TaskState> tasks = new HashMap<>();

    private TaskReducer() {}

    /** States by role, then by id. */
    public static List<TaskState> reduce(List<? extends TaskEvent> events) {
        TaskReducer reducer = new TaskReducer();
        List<TaskEvent> ordered = new ArrayList<>(events);
        // Attempts in their order, so that the latest one's worker and reason stay.
        ordered.sort(Comparator.comparingInt(TaskReducer::attempt));
        ordered.forEach(reducer::apply);
        return reducer.tasks.values().stream().sorted(ORDER).toList();
    }

    private static int attempt(TaskEvent event) {
        if (event instanceof TaskQueued q) {
            return 4 * q.after() + 3;
        } else if (event instanceof TaskStarted s) {
            return 4 * s.attempt();
        } else if (event instanceof TaskFailed f) {
            return 4 * f.attempt() + 1;
        } else if (event instanceof TaskSetAside a) {
            return 4 * a.attempt() + 1;
        } else if (event instanceof TaskRetried r) {
            return 4 * r.attempt() + 2;
        }
        return Integer.MAX_VALUE;
    }

    private void apply(TaskEvent event) {
        if (event instanceof TaskQueued q) {
            TaskState t = state(q.task(), q.role());
            put(new TaskState(t.task(), t.role(), Status.QUEUED, t.attempts(), t.worker(), 0, t.reason()));
        } else if (event instanceof TaskStarted s) {
            TaskState t = state(s.task(), s.role());
            int attempts = Math.max(t.attempts(), s.attempt());
            put(new TaskState(t.task(), t.role(), Status.RUNNING, attempts, s.worker(), 0, t.reason()));
        } else if (event instanceof TaskFailed f) {
            TaskState t = state(f.task(), f.role());
            Status status = f.last() ? Status.FAILED : Status.QUEUED;
            int attempts = Math.max(t.attempts(), f.attempt());
            put(new TaskState(t.task(), t.role(), status, attempts, f.worker(), 0, f.reason()));
        } else if (event instanceof TaskSetAside a) {
            TaskState t = state(a.task(), a.role());
            put(new TaskState(t.task(), t.role(), Status.WAITING, t.attempts(), t.worker(), 0, t.reason()));
        } else if (event instanceof TaskRetried r && tasks.containsKey(r.task())) {
            TaskState t = state(r.task(), Role.TRAINER);
            put(new TaskState(t.task(), t.role(), Status.WAITING, t.attempts(), t.worker(), 0, t.reason()));
        } else if (event instanceof TaskStopped s) {
            stop(s);
        } else if (event instanceof TaskCompleted c) {
            complete(c);
        }
    }

    /** The first in the log counts. */
    private void complete(TaskCompleted c) {
        TaskState t = state(c.task(), c.role());
        if (t.status() != Status.COMPLETED) {
            int attempts = Math.max(t.attempts(), c.attempt());
            put(new TaskState(t.task(), t.role(), Status.COMPLETED, attempts, c.worker(), c.seconds(), t.reason()));
        }
    }

    private void stop(TaskStopped s) {
        TaskState t = state(s.task(), s.role());
        if (t.status() != Status.COMPLETED) {
            String reason = "stopped early at step %d: %s".formatted(s.step(), s.reason());
            put(new TaskState(t.task(), t.role(), Status.STOPPED, t.attempts(), t.worker(), s.seconds(), reason));
        }
    }

    private TaskState state(String task, Role role) {
        return tasks.getOrDefault(task, new TaskState(task, role, Status.QUEUED, 0, "", 0, ""));
    }

    private void put(TaskState state) {
        tasks.put(state.task(), state);
    }
}
