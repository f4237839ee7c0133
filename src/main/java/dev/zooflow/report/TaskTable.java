package dev.zooflow.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The tasks of a run as an HTML table. */
final class TaskTable {

    private TaskTable() {}

    static String html(List<TaskState> tasks) {
        if (tasks.isEmpty()) {
            return "<p class=\"empty\">No task is known.</p>";
        }
        return "<table class=\"tasks\"><thead><tr><th>task</th><th>role</th><th>status</th><th>attempts</th><th>time</th>"
                + "<th>worker</th><th>reason of the last failure, or of the stop</th></tr></thead><tbody>"
                + tasks.stream().map(TaskTable::row).collect(Collectors.joining()) + "</tbody></table>";
    }

    private static String row(TaskState task) {
        String status = task.status().name().toLowerCase(Locale.ROOT);
        return "<tr class=\"%s\"><th scope=\"row\"><code>%s</code></th><td>%s</td><td>%s</td><td>%d</td><td>%s</td><td>%s</td><td>%s</td></tr>"
                .formatted(
                        status,
                        Html.escape(task.task()),
                        task.role().id(),
                        status,
                        task.attempts(),
                        task.seconds() > 0 ? Numbers.duration(task.seconds()) : Numbers.NONE,
                        Html.escape(task.worker()),
                        Html.escape(task.reason()));
    }
}
