package dev.zooflow.actor;

import dev.zooflow.message.Role;
import dev.zooflow.message.Task;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** The work of a role without any computation: publishes the results of {@link SampleRun}. */
final class FakeWork implements RoleWork {

    /** What happens before the results. */
    interface Before {
        void perform(Task task, WorkContext context) throws Exception;
    }

    private final Role role;
    private final Before before;
    private final List<String> performed = new CopyOnWriteArrayList<>();
    private final List<String> forgotten = new CopyOnWriteArrayList<>();
    private volatile long saved;

    FakeWork(Role role, Before before) {
        this.role = role;
        this.before = before;
    }

    FakeWork(Role role) {
        this(role, (task, context) -> {});
    }

    /** Says how far every task has come. */
    void saves(long step) {
        saved = step;
    }

    @Override
    public Optional<Long> saved(Task task) {
        return saved == 0 ? Optional.empty() : Optional.of(saved);
    }

    /** Ids of tasks for which nothing is kept any more. */
    List<String> forgotten() {
        return List.copyOf(forgotten);
    }

    @Override
    public void forget(Task task) {
        forgotten.add(task.id());
    }

    /** Ids of the tasks so far, an attempt each. */
    List<String> performed() {
        return List.copyOf(performed);
    }

    @Override
    public Role role() {
        return role;
    }

    @Override
    public void perform(Task task, WorkContext context) throws Exception {
        performed.add(task.id());
        before.perform(task, context);
        SampleRun.results(task).forEach(context::publish);
    }
}
