package dev.zooflow.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.RunId;
import dev.zooflow.message.BlobRef;
import dev.zooflow.message.Event;
import dev.zooflow.message.Role;
import dev.zooflow.message.RunEvent;
import dev.zooflow.message.TaskEvent;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StoryTest {

    private static final RunId RUN = new RunId("r");
    private static final ExperimentSpec SPEC = ExperimentFile.parse(
            "name = r, zoo { training-trajectories = 6, held-out-trajectories = 4 }, flows = [{ name = a }]");

    private final Story story = new Story(SPEC);

    private static Event.Score score(String group, long step, boolean last) {
        Map<String, Double> values = Map.of("accuracy_mean", 0.91234, "nn_ratio_mean", 0.876);
        return new Event.Score(RUN, group, 1, step, 2.5, last, 16, values, Map.of());
    }

    @Test
    void addsUpTheZoo() {
        assertThat(story.tell(new TaskEvent.TaskCompleted(RUN, "zoo/0-4", Role.ZOO_PRODUCER, 1, "w", 2)))
                .hasValue("zoo: 4 of 10 trajectories, 2.0 s");
        assertThat(story.tell(new TaskEvent.TaskCompleted(RUN, "zoo/4-10", Role.ZOO_PRODUCER, 1, "w", 3)))
                .hasValue("zoo: 10 of 10 trajectories, 3.0 s");
    }

    @Test
    void followsAFlow() {
        BlobRef blob = new BlobRef("0".repeat(64), 1);
        assertThat(story.tell(new TaskEvent.TaskStarted(RUN, "train/a", Role.TRAINER, 1, "w")))
                .hasValue("flow a: training");
        assertThat(story.tell(new TaskEvent.TaskContinued(RUN, "train/a", Role.TRAINER, 2, 33, 1.25)))
                .hasValue("flow a: continued at step 33, 1.3 s");
        assertThat(story.tell(new Event.FlowCheckpoint(RUN, "a", 0, 40, 1.25, false, 0.5, blob)))
                .hasValue("flow a: step 40 after 1.3 s, loss 0.5000");
        assertThat(story.tell(score("generated/a", 40, true)))
                .hasValue("generated/a: step 40 (final): accuracy 0.912, nn ratio 0.88 (16 networks)");
        Map<String, Double> bits = Map.of("bpd_train", -1.2345, "bpd_held_out", -1.0);
        assertThat(story.tell(new Event.FlowLikelihood(RUN, "a", bits, Map.of())))
                .hasValue("flow a: bits per dimension -1.235 of training networks, -1.000 of held-out ones");
        assertThat(story.tell(score("held-out", 0, true)))
                .hasValue("held-out: accuracy 0.912, nn ratio 0.88 (16 networks)");
    }

    @Test
    void tellsFailuresAndTheEnd() {
        assertThat(story.tell(new TaskEvent.TaskFailed(RUN, "train/a", Role.TRAINER, 3, "w", "no", true)))
                .hasValue("train/a, attempt 3 failed: no (given up)");
        assertThat(story.tell(new RunEvent.RunCompleted(RUN, List.of(), 61.4))).hasValue("completed after 61 s");
    }

    @Test
    void aLinePerChangeAndNoneForDuplicatesAndCurves() {
        StringWriter out = new StringWriter();
        LineView view = new LineView(SPEC, new PrintWriter(out));
        view.on(score("held-out", 0, true), 0);
        view.on(score("held-out", 0, true), 0);
        view.on(new Event.MetricPoint(RUN, "flow/a", 1, 3, 1, 0.1, Map.of("loss", 1.0)), 0);
        view.close();
        assertThat(out.toString().lines()).hasSize(1);
    }
}
