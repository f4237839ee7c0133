package dev.zooflow.actor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zooflow.message.BlobRef;
import dev.zooflow.message.Event;
import dev.zooflow.message.Event.FlowCheckpoint;
import dev.zooflow.message.Event.Score;
import dev.zooflow.message.Role;
import dev.zooflow.message.Task;
import dev.zooflow.message.TaskEvent.TaskCompleted;
import dev.zooflow.message.TaskEvent.TaskFailed;
import dev.zooflow.message.TaskEvent.TaskQueued;
import dev.zooflow.message.TaskEvent.TaskStopped;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class CheckpointRetentionTest {

    private static final String TRAIN = "train/a";

    private final List<Event> events = new ArrayList<>(List.of(SampleRun.submitted()));

    private static FlowCheckpoint checkpoint(int index, boolean last, char blob) {
        BlobRef ref = new BlobRef(String.valueOf(blob).repeat(64), 1);
        return new FlowCheckpoint(SampleRun.RUN, "a", index, 10L * index, index, last, 1, ref);
    }

    /** What is good on the validation split is bad on the other. */
    private static Score score(int index, double accuracy) {
        return score(index, Map.of("validation_accuracy_mean", accuracy, "accuracy_mean", 1 - accuracy));
    }

    private static Score score(int index, Map<String, Double> values) {
        return new Score(SampleRun.RUN, "generated/a", index, 0, 0, false, 1, values, Map.of());
    }

    private static TaskCompleted completed(String task) {
        return new TaskCompleted(SampleRun.RUN, task, Role.TRAINER, 1, "w", 1);
    }

    private static String sample(int index) {
        return Task.SampleFlow.idOf("a", "", String.valueOf(index));
    }

    private void sampled(int index) {
        events.add(new TaskQueued(SampleRun.RUN, sample(index), Role.SAMPLER, 0));
        events.add(completed(sample(index)));
    }

    /** The first digits of what is released, the same in whatever order events come. */
    private String released() {
        Set<Set<String>> outcomes = new HashSet<>();
        Random random = new Random(1);
        for (int i = 0; i < 5; i++) {
            CheckpointRetention retention = new CheckpointRetention();
            events.forEach(retention::accept);
            outcomes.add(retention.released());
            Collections.shuffle(events, random);
        }
        assertThat(outcomes).hasSize(1);
        return outcomes.iterator().next().stream()
                .map(hash -> hash.substring(0, 1))
                .sorted()
                .collect(Collectors.joining());
    }

    private void fiveCheckpoints() {
        for (int i = 0; i < 4; i++) {
            events.add(checkpoint(i, false, (char) ('0' + i)));
            sampled(i);
        }
        events.add(checkpoint(4, true, '4'));
        events.add(score(0, 0.5));
        events.add(score(1, 0.9));
        events.add(score(2, 0.7));
        events.add(score(3, Double.NaN));
    }

    @Test
    void bestAndFinalStayOfAFinishedTraining() {
        fiveCheckpoints();
        events.add(completed(TRAIN));
        assertThat(released()).isEqualTo("023");
    }

    @Test
    void ofAnEarlierVersionsRunTheTestSplitSaysWhatIsBest() {
        fiveCheckpoints();
        events.removeIf(Score.class::isInstance);
        events.add(score(0, Map.of("accuracy_mean", 0.5)));
        events.add(score(2, Map.of("accuracy_mean", 0.7)));
        events.add(completed(TRAIN));
        assertThat(released()).isEqualTo("013");
    }

    @Test
    void bestAndLatestStayOfATrainingThatWasStoppedEarly() {
        fiveCheckpoints();
        events.removeIf(e -> e instanceof FlowCheckpoint c && c.last());
        events.add(new TaskStopped(SampleRun.RUN, TRAIN, Role.TRAINER, 30, 1, "too bad"));
        assertThat(released()).isEqualTo("02");
    }

    @Test
    void allStayWhileTheTrainingGoesOn() {
        fiveCheckpoints();
        assertThat(released()).isEmpty();
    }

    @Test
    void theLatestStaysOfATrainingThatWasGivenUp() {
        events.add(checkpoint(0, false, '0'));
        events.add(checkpoint(1, false, '1'));
        events.add(new TaskFailed(SampleRun.RUN, TRAIN, Role.TRAINER, 3, "w", "no", true));
        assertThat(released()).isEqualTo("0");
    }

    @Test
    void whatIsStillToBeSampledStaysAndWhatWasGivenUpMayBeTriedAgain() {
        fiveCheckpoints();
        events.add(completed(TRAIN));
        events.removeIf(e -> e instanceof TaskCompleted c && c.task().equals(sample(2)));
        events.removeIf(e -> e instanceof TaskCompleted c && c.task().equals(sample(3)));
        events.add(new TaskFailed(SampleRun.RUN, sample(3), Role.SAMPLER, 3, "w", "no", true));
        assertThat(released()).isEqualTo("0");
    }

    @Test
    void whatTwoAttemptsPublishedUnderOneIdStaysInBothForms() {
        fiveCheckpoints();
        events.add(checkpoint(5, true, '5'));
        events.add(checkpoint(0, false, '6'));
        events.add(completed(TRAIN));
        assertThat(released()).isEqualTo("0236");
    }

    @Test
    void aBlobThatAnotherCheckpointNeedsStays() {
        fiveCheckpoints();
        events.add(new FlowCheckpoint(
                SampleRun.RUN, "b", 0, 1, 1, true, 1, checkpoint(0, false, '0').model()));
        events.add(completed(TRAIN));
        assertThat(released()).isEqualTo("23");
    }
}
