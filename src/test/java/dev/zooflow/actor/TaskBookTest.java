package dev.zooflow.actor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zooflow.message.Role;
import dev.zooflow.message.TaskEvent;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TaskBookTest {

    private static final String TASK = "train/a";

    private static TaskEvent queued() {
        return new TaskEvent.TaskQueued(SampleRun.RUN, TASK, Role.TRAINER, 0);
    }

    private static TaskEvent started(int attempt) {
        return new TaskEvent.TaskStarted(SampleRun.RUN, TASK, Role.TRAINER, attempt, "w" + attempt);
    }

    private static TaskEvent setAside(int attempt) {
        return new TaskEvent.TaskSetAside(SampleRun.RUN, TASK, Role.TRAINER, attempt, "w" + attempt);
    }

    private static boolean knows(TaskEvent... events) {
        return Stream.of(events)
                .reduce(TaskBook.EMPTY, TaskBook::with, (a, b) -> b)
                .knows(TASK);
    }

    @Test
    void aTaskThatWasSetAsideIsToBeQueuedAgain() {
        assertThat(knows(queued(), started(1))).isTrue();
        assertThat(knows(queued(), started(1), setAside(1))).isFalse();
    }

    @Test
    void notWhenALaterAttemptGoesOn() {
        assertThat(knows(queued(), started(1), started(2), setAside(1))).isTrue();
        assertThat(knows(queued(), started(1), setAside(1), started(2))).isTrue();
        assertThat(knows(queued(), started(1), started(2), setAside(1), setAside(2)))
                .isFalse();
    }
}
