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

    private static TaskEvent failed(int attempt) {
        return new TaskEvent.TaskFailed(SampleRun.RUN, TASK, Role.TRAINER, attempt, "w" + attempt, "lost", false);
    }

    private static TaskEvent setAside(int attempt) {
        return new TaskEvent.TaskSetAside(SampleRun.RUN, TASK, Role.TRAINER, attempt, "w" + attempt);
    }

    private static TaskBook book(TaskEvent... events) {
        return Stream.of(events).reduce(TaskBook.EMPTY, TaskBook::with, (a, b) -> b);
    }

    private static boolean knows(TaskEvent... events) {
        return book(events).knows(TASK);
    }

    /** The earlier one had the lock after all, took the task off its queue for the other's sake, and that one lost its lock. */
    @Test
    void aTaskIsToBeQueuedAgainWhenAnAttemptWasSetAsideForAnotherThatFailed() {
        assertThat(knows(queued(), started(1), started(2), setAside(1), failed(2)))
                .isFalse();
        assertThat(knows(queued(), started(1), started(2), failed(2), setAside(1)))
                .isFalse();
        TaskBook book = book(queued(), started(1), started(2), failed(2), setAside(1));
        assertThat(book.ended(TASK)).isEqualTo(2);
        assertThat(book.withQueued(TASK, 2).knows(TASK)).isTrue();
        assertThat(book.withQueued(TASK, 2).with(started(3)).knows(TASK)).isTrue();
        assertThat(knows(queued(), started(1), failed(1))).isTrue();
        assertThat(knows(queued(), started(1), failed(1), started(2))).isTrue();
    }

    /** Who gave it up began no attempt, but has the number of one. */
    @Test
    void anAttemptAfterATaskWasGivenUpHasANumberOfItsOwn() {
        TaskEvent givenUp = new TaskEvent.TaskFailed(SampleRun.RUN, TASK, Role.TRAINER, 4, "w", "all died", true);
        TaskEvent retried = new TaskEvent.TaskRetried(SampleRun.RUN, TASK, 4);
        TaskEvent again = new TaskEvent.TaskQueued(SampleRun.RUN, TASK, Role.TRAINER, 4);
        TaskBook book = book(queued(), started(1), started(2), started(3), givenUp, retried, again);
        assertThat(book.nextAttempt(TASK)).isEqualTo(5);
        assertThat(book.with(started(5)).with(setAside(5)).knows(TASK)).isFalse();
        TaskEvent lost = new TaskEvent.TaskFailed(SampleRun.RUN, TASK, Role.TRAINER, 5, "w", "NaN", true);
        assertThat(book.with(started(5)).with(lost).isLost(TASK)).isTrue();
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
