package dev.zooflow.actor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.zooflow.experiment.RunId;
import dev.zooflow.message.Event;
import dev.zooflow.message.EventLog.Recorded;
import dev.zooflow.message.Role;
import dev.zooflow.message.RunEvent;
import dev.zooflow.message.Task;
import dev.zooflow.message.TaskEvent;
import dev.zooflow.message.Topic;
import dev.zooflow.tensor.Seed;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunStateTest {

    private static final List<Recorded> LOG = SampleRun.log(List.of("train/b"));

    @Test
    void theLogEndsTheRun() {
        RunState state = SampleRun.fold(LOG);
        assertThat(state.over()).hasValueSatisfying(e -> assertThat(e.failed()).containsExactly("train/b"));
        assertThat(state.scores()).contains("score/held-out/final", "score/generated/a/final");
        assertThat(state.seconds()).isEqualTo((LOG.size() - 1) * 0.01);
    }

    @Test
    void everyPrefixFollowedByTheWholeLogLeadsToTheSameState() {
        RunState whole = SampleRun.fold(LOG);
        for (int n = 0; n <= LOG.size(); n++) {
            List<Recorded> again = new ArrayList<>(LOG.subList(0, n));
            again.addAll(LOG);
            assertThat(SampleRun.fold(again)).as("prefix %d", n).isEqualTo(whole);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void duplicatesAndTheOrderOfTopicsAgainstEachOtherChangeNothing(long seed) {
        RandomGenerator random = new Seed(seed).generator();
        List<Recorded> shuffled = interleave(random);
        assertThat(SampleRun.fold(shuffled)).isEqualTo(SampleRun.fold(LOG));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {11, 12, 13})
    void whateverTheOrderNoTaskIsPlannedThatTheWholeLogDoesNotKnow(long seed) {
        RunState whole = SampleRun.fold(LOG);
        RunState state = RunState.empty(SampleRun.RUN);
        for (Recorded recorded : interleave(new Seed(seed).generator())) {
            state = state.with(recorded);
            assertThat(Planner.plan(state).tasks())
                    .allSatisfy(task -> assertThat(
                                    whole.tasks().knows(task.id()) || task.id().startsWith("sample/"))
                            .as(task.id())
                            .isTrue());
        }
    }

    @Test
    void cutAtEveryPrefixItComesToTheSameStateAndQueuesTheSameTasks() {
        for (List<Recorded> log : List.of(SampleRun.live(List.of("train/b")), SampleRun.live(List.of("zoo/2-4")))) {
            List<RunState> undisturbed = new ArrayList<>(List.of(RunState.empty(SampleRun.RUN)));
            Set<Task> queued = new HashSet<>();
            for (Recorded recorded : log) {
                undisturbed.add(step(undisturbed.get(undisturbed.size() - 1), recorded, queued));
            }
            for (int n = 0; n <= log.size(); n++) {
                RunState rebuilt = SampleRun.fold(log.subList(0, n));
                Set<Task> again = new HashSet<>();
                RunState state = queue(rebuilt, again);
                for (Recorded recorded : log.subList(n, log.size())) {
                    state = step(state, recorded, again);
                }
                assertThat(state).as("cut after %d", n).isEqualTo(undisturbed.get(log.size()));
                RunState cut = rebuilt;
                Set<Task> rest = queued.stream()
                        .filter(task -> !cut.tasks().knows(task.id()))
                        .collect(Collectors.toSet());
                assertThat(again).as("cut after %d", n).isEqualTo(rest);
            }
        }
    }

    private static RunState step(RunState state, Recorded recorded, Set<Task> queued) {
        return queue(state.with(recorded), queued);
    }

    private static RunState queue(RunState state, Set<Task> queued) {
        RunState next = state;
        for (Task task : Planner.plan(state).tasks()) {
            queued.add(task);
            next = next.withQueued(task.id());
        }
        return next;
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {21, 22, 23})
    void decisionsOfPeopleMeanTheSameInWhateverOrderTheyAreRead(long seed) {
        List<Event> events = new ArrayList<>(List.of(
                SampleRun.submitted(),
                new RunEvent.RunPaused(SampleRun.RUN, 1),
                new RunEvent.RunContinued(SampleRun.RUN, 1),
                new RunEvent.RunPaused(SampleRun.RUN, 2),
                new RunEvent.RunCompleted(SampleRun.RUN, 1, List.of("cancelled"), 0),
                new RunEvent.RunResumed(SampleRun.RUN, 2),
                new RunEvent.CoordinatorStarted(SampleRun.RUN, 1, "a"),
                new RunEvent.CoordinatorStarted(SampleRun.RUN, 2, "b"),
                new TaskEvent.TaskFailed(SampleRun.RUN, "train/a", Role.TRAINER, 3, "w", "x", true),
                new TaskEvent.TaskRetried(SampleRun.RUN, "train/a", 3),
                new TaskEvent.TaskQueued(SampleRun.RUN, "train/a", Role.TRAINER, 0)));
        Collections.shuffle(events, new Random(seed));
        events.addAll(events.subList(0, 5));
        RunState state = SampleRun.fold(SampleRun.recorded(events));
        assertThat(state.over()).isEmpty();
        assertThat(state.life().paused()).isTrue();
        assertThat(state.life().reign().map(RunEvent.CoordinatorStarted::coordinator))
                .contains("b");
        assertThat(state.tasks().isLost("train/a")).isFalse();
        assertThat(state.tasks().knows("train/a")).isFalse();
    }

    @Test
    void whatAnOlderAttemptReportsAfterANewerOneIsDroppedAndCounted() {
        TaskEvent accepted = new TaskEvent.TaskCompleted(SampleRun.RUN, "train/a", Role.TRAINER, 2, "w2", 1);
        TaskEvent late = new TaskEvent.TaskCompleted(SampleRun.RUN, "train/a", Role.TRAINER, 1, "w1", 9);
        TaskBook tasks = SampleRun.state(accepted, late, late, accepted).tasks();
        assertThat(tasks.completed()).containsExactly(entry("train/a", 2));
        assertThat(tasks.fenced()).containsExactly("train/a/1");
    }

    /** The log with some events twice, keeping the order within each topic only. */
    private static List<Recorded> interleave(RandomGenerator random) {
        Map<Topic, List<Recorded>> byTopic = new EnumMap<>(Topic.class);
        for (Recorded recorded : LOG) {
            List<Recorded> topic = byTopic.computeIfAbsent(recorded.event().topic(), t -> new ArrayList<>());
            for (int copies = random.nextInt(1, 3); copies > 0; copies--) {
                topic.add(recorded);
            }
        }
        List<List<Recorded>> topics = new ArrayList<>(byTopic.values());
        List<Recorded> out = new ArrayList<>();
        while (!topics.isEmpty()) {
            List<Recorded> topic = topics.get(random.nextInt(topics.size()));
            out.add(topic.remove(0));
            topics.removeIf(List::isEmpty);
        }
        return out;
    }

    @Test
    void theFirstOfAnIdStays() {
        Event.FlowCheckpoint first = SampleRun.checkpoint("a", 0, false);
        Event.FlowCheckpoint second = new Event.FlowCheckpoint(SampleRun.RUN, "a", 0, 77, 7, false, 0.7, first.model());
        assertThat(SampleRun.state(first, second).checkpoints("a")).containsExactly(first);
    }

    @Test
    void eventsOfOtherRunsAreIgnored() {
        RunId other = new RunId("other");
        RunState state = SampleRun.state(
                new TaskEvent.TaskQueued(other, "zoo/0-2", Role.ZOO_PRODUCER, 0),
                new RunEvent.RunCompleted(other, List.of(), 1));
        assertThat(state).isEqualTo(RunState.empty(SampleRun.RUN));
    }
}
