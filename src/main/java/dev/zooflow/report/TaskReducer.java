package dev.zooflow.report;

import dev.zooflow.message.Event.RunEvent;
import dev.zooflow.message.Event.TaskCompleted;
import dev.zooflow.message.Event.TaskFailed;
import dev.zooflow.message.Event.TaskQueued;
import dev.zooflow.message.Event.TaskStarted;
import dev.zooflow.message.Role;
import dev.zooflow.report.TaskState.Status;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The states of a run's tasks from its events. A completed task stays completed, whatever else its attempts report. */
final class TaskReducer {

    private static final Comparator<TaskState> ORDER =
            Comparator.comparing(TaskState::role).thenComparing(TaskState::task, new NaturalOrder());

    private final Map<String, TaskState> tasks = new HashMap<>();

    private TaskReducer() {}

    /** States by role, then by id. */
    static List<TaskState> reduce(List<? extends RunEvent> events) {
        TaskReducer reducer = new TaskReducer();
        List<RunEvent> ordered = new ArrayList<>(events);
        // Attempts in their order, so that the latest one's worker and reason stay.
        ordered.sort(Comparator.comparingInt(TaskReducer::attempt));
        ordered.forEach(reducer::apply);
        return reducer.tasks.values().stream().sorted(ORDER).toList();
    }

    private static int attempt(RunEvent event) {
        if (event instanceof TaskStarted s) {
            return 2 * s.attempt();
        }
        if (event instanceof TaskFailed f) {
            return 2 * f.attempt() + 1;
        }
        return event instanceof TaskQueued ? 0 : Integer.MAX_VALUE;
    }

    private void apply(RunEvent event) {
        if (event instanceof TaskQueued q) {
            tasks.put(q.task(), new TaskState(q.task(), q.role(), Status.QUEUED, 0, "", 0, ""));
        } else if (event instanceof TaskStarted s) {
            TaskState t = state(s.task(), s.role());
            int attempts = Math.max(t.attempts(), s.attempt());
            put(new TaskState(t.task(), t.role(), Status.RUNNING, attempts, s.worker(), 0, t.reason()));
        } else if (event instanceof TaskFailed f) {
            TaskState t = state(f.task(), f.role());
            Status status = f.last() ? Status.FAILED : Status.QUEUED;
            int attempts = Math.max(t.attempts(), f.attempt());
            put(new TaskState(t.task(), t.role(), status, attempts, f.worker(), 0, f.reason()));
        } else if (event instanceof TaskCompleted c) {
            TaskState t = state(c.task(), c.role());
            int attempts = Math.max(t.attempts(), c.attempt());
            put(new TaskState(t.task(), t.role(), Status.COMPLETED, attempts, c.worker(), c.seconds(), t.reason()));
        }
    }

    private TaskState state(String task, Role role) {
        return tasks.getOrDefault(task, new TaskState(task, role, Status.QUEUED, 0, "", 0, ""));
    }

    private void put(TaskState state) {
        tasks.put(state.task(), state);
    }
}
