package dev.zooflow.actor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zooflow.message.Role;
import dev.zooflow.message.Task;
import dev.zooflow.message.TaskEvent;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Coordinator and all workers together, over ports in memory. */
class RunProtocolTest {

    private final ActorRig rig = new ActorRig();

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void runsFromSubmissionToTheEnd() {
        rig.workers();
        rig.coordinator();
        rig.log.publish(SampleRun.submitted());
        assertThat(rig.awaitEnd().failed()).isEmpty();
        RunState state = SampleRun.fold(rig.log.records());
        assertThat(state.scores())
                .contains("score/held-out/final", "score/generated/a/final", "score/generated/b/final");
        assertThat(state.tasks().queued().keySet())
                .isEqualTo(state.tasks().completed().keySet());
        assertThat(rig.works.get(Role.ZOO_PRODUCER).performed()).hasSize(3);
        assertThat(rig.works.get(Role.TRAINER).performed()).containsExactlyInAnyOrder("train/a", "train/b");
    }

    @Test
    void everythingTwiceEndsTheSame() {
        rig.log.copies(2);
        rig.workers();
        rig.coordinator();
        rig.log.publish(SampleRun.submitted());
        assertThat(rig.awaitEnd().failed()).isEmpty();
        RunState state = SampleRun.fold(rig.log.records());
        assertThat(state.scores()).contains("score/generated/a/final", "score/generated/b/final");
        assertThat(rig.works.get(Role.TRAINER).performed()).containsExactlyInAnyOrder("train/a", "train/b");
    }

    @Test
    void aFailedAttemptAnywhereChangesNothing() {
        for (Role role : Role.values()) {
            AtomicInteger attempts = new AtomicInteger();
            rig.worker(new FakeWork(role, (task, context) -> {
                if (attempts.incrementAndGet() == 1) {
                    throw new IllegalStateException("once");
                }
            }));
        }
        rig.coordinator();
        rig.log.publish(SampleRun.submitted());
        assertThat(rig.awaitEnd().failed()).isEmpty();
        assertThat(rig.log.events(TaskEvent.TaskFailed.class)).hasSize(4).noneMatch(TaskEvent.TaskFailed::last);
    }

    @Test
    void aFlowThatIsGivenUpFailsItsTrialAlone() {
        rig.worker(new FakeWork(Role.TRAINER, (task, context) -> {
            if (task.id().equals("train/a")) {
                throw new UnprocessableTaskException("no");
            }
        }));
        rig.workers();
        rig.coordinator();
        rig.log.publish(SampleRun.submitted());
        assertThat(rig.awaitEnd().failed()).containsExactly("train/a");
        assertThat(SampleRun.fold(rig.log.records()).scores()).contains("score/generated/b/final");
    }

    @Test
    void aZooTaskThatIsGivenUpEndsTheRun() {
        rig.worker(new FakeWork(Role.ZOO_PRODUCER, (task, context) -> {
            if (task.id().equals("zoo/2-4")) {
                throw new UnprocessableTaskException("no");
            }
        }));
        rig.workers();
        rig.coordinator();
        rig.log.publish(SampleRun.submitted());
        assertThat(rig.awaitEnd().failed()).containsExactly("zoo/2-4");
        assertThat(rig.works.get(Role.TRAINER).performed()).isEmpty();
    }

    @Test
    void whileTheSamplerIsBusyCheckpointsAreOvertaken() {
        CountDownLatch trained = new CountDownLatch(1);
        rig.worker(new FakeWork(Role.SAMPLER, (task, context) -> {
            if (!trained.await(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("training takes too long");
            }
        }));
        rig.worker(new FakeWork(Role.TRAINER, (task, context) -> {
            for (int i = 0; i < 6; i++) {
                context.publish(SampleRun.checkpoint(((Task.TrainFlow) task).flow(), i, false));
            }
            ActorRig.await(() -> rig.log.events(TaskEvent.TaskQueued.class).stream()
                    .anyMatch(e -> e.task().equals("sample/" + ((Task.TrainFlow) task).flow() + "/0")));
        }));
        rig.workers();
        rig.coordinator();
        rig.log.publish(SampleRun.submitted());
        ActorRig.await(() -> rig.log.events(TaskEvent.TaskCompleted.class).stream()
                        .filter(e -> e.role() == Role.TRAINER)
                        .count()
                == 2);
        trained.countDown();
        assertThat(rig.awaitEnd().failed()).isEmpty();
        assertThat(rig.works.get(Role.SAMPLER).performed())
                .containsExactlyInAnyOrder(
                        "sample/a/0",
                        "sample/a/final",
                        "sample/a/quick/final",
                        "sample/b/0",
                        "sample/b/final",
                        "sample/b/quick/final");
    }
}
