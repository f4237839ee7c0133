package dev.zooflow.actor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zooflow.experiment.RunId;
import dev.zooflow.message.Event;
import dev.zooflow.message.EventLog.Recorded;
import dev.zooflow.message.Role;
import dev.zooflow.message.Topic;
import dev.zooflow.tensor.Seed;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
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
                                    whole.knows(task.id()) || task.id().startsWith("sample/"))
                            .as(task.id())
                            .isTrue());
        }
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
        assertThat(SampleRun.state(first, second).checkpoints().values()).containsExactly(first);
    }

    @Test
    void eventsOfOtherRunsAreIgnored() {
        RunId other = new RunId("other");
        RunState state = SampleRun.state(
                new Event.TaskQueued(other, "zoo/0-2", Role.ZOO_PRODUCER), new Event.RunCompleted(other, List.of(), 1));
        assertThat(state).isEqualTo(RunState.empty(SampleRun.RUN));
    }
}
