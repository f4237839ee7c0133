package dev.zooflow.actor;

import dev.zooflow.message.Event;
import dev.zooflow.message.EventLog;
import dev.zooflow.message.Task;
import dev.zooflow.message.TaskEvent;
import dev.zooflow.message.WorkerHeartbeat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Tells that a worker lives, and once of each attempt that it is stuck. For one thread. */
final class Heart {

    private final RoleWorker.Settings settings;
    private CompletableFuture<?> latest = CompletableFuture.completedFuture(null);
    private Optional<TaskRun> stuck = Optional.empty();

    Heart(RoleWorker.Settings settings) {
        this.settings = settings;
    }

    /** A beat; left out while the brokers have not taken the one before, or much else waits for them. */
    void beat(Optional<TaskRun> run) {
        if (latest.isDone()) {
            settings.log().offer(heartbeat(run)).ifPresent(beat -> latest = beat.toCompletableFuture());
        }
        run.filter(r -> !stuck.equals(run))
                .filter(r -> r.pulse()
                        .stuck(settings.vitals().stuckAfter(), settings.vitals().expected()))
                .ifPresent(this::tell);
    }

    private static CompletableFuture<?> publish(EventLog log, Event event) {
        return log.publish(event).toCompletableFuture();
    }

    private WorkerHeartbeat heartbeat(Optional<TaskRun> run) {
        return new WorkerHeartbeat(
                WorkerHeartbeat.FLEET,
                settings.name(),
                settings.work().role(),
                settings.device().name(),
                run.map(r -> r.task().run() + "/" + r.task().id()).orElse(""),
                run.map(r -> r.pulse().step()).orElse(0L),
                run.map(r -> r.pulse().rate()).orElse(0.0),
                settings.vitals().residentMib().getAsLong(),
                settings.vitals().heartbeat().toMillis() / 1e3);
    }

    private void tell(TaskRun run) {
        stuck = Optional.of(run);
        Task task = run.task();
        CompletableFuture<?> unused = publish(
                settings.log(),
                new TaskEvent.TaskStuck(
                        task.run(),
                        task.id(),
                        task.role(),
                        run.attempt(),
                        settings.name(),
                        run.pulse().silence()));
    }
}
