package dev.zooflow.dashboard;

import dev.zooflow.message.TaskEvent;
import dev.zooflow.report.TaskReducer;
import dev.zooflow.report.TaskState;
import dev.zooflow.report.TaskState.Status;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tasks of a run, event by event; of a task that is completed nothing but its end is kept. Owned by one thread. */
final class Tasks {

    private final Map<String, TaskState> states = new HashMap<>();
    private final Map<String, List<TaskEvent>> open = new HashMap<>();
    private final Map<Status, Integer> counts = new EnumMap<>(Status.class);

    void on(TaskEvent event) {
        Status before = status(event.task()).orElse(null);
        if (before == Status.COMPLETED) {
            return;
        }
        List<TaskEvent> events = open.computeIfAbsent(event.task(), task -> new ArrayList<>());
        events.add(event);
        for (TaskState state : TaskReducer.reduce(events)) {
            states.put(state.task(), state);
            if (before != null) {
                counts.merge(before, -1, Integer::sum);
            }
            counts.merge(state.status(), 1, Integer::sum);
            if (state.status() == Status.COMPLETED) {
                open.remove(state.task());
            }
        }
    }

    Optional<TaskState> state(String task) {
        return Optional.ofNullable(states.get(task));
    }

    Optional<Status> status(String task) {
        return state(task).map(TaskState::status);
    }

    /** How many tasks are in each state that any is in. */
    Map<Status, Integer> counts() {
        Map<Status, Integer> some = new EnumMap<>(counts);
        some.values().removeIf(n -> n == 0);
        return some;
    }
}
