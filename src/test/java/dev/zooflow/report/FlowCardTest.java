package dev.zooflow.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zooflow.message.BlobRef;
import dev.zooflow.message.Event;
import dev.zooflow.message.Event.FlowCheckpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlowCardTest {

    private static final DataDescription DIGITS =
            new DataDescription("digits | 8×8", List.of(), List.of(), new float[0], new float[0], 0, 0);

    @TempDir
    private Path dir;

    private String card(RunRecord record) throws Exception {
        FlowCard.write(record, DIGITS, dir);
        return Files.readString(dir.resolve("euclidean/README.md"));
    }

    @Test
    void saysWhatTheFlowIsAndHowGoodItsNetworksAre() throws Exception {
        assertThat(card(SampleRun.record(SampleRun.completed())))
                .startsWith("# euclidean\n")
                .contains("networks that classify “digits \\| 8×8”")
                .contains("step 1,200 after 40 s with a loss of 0.8000")
                .containsPattern("\\| networks \\| 64-\\S+ relu")
                .contains("| zoo | 60 training and 20 held-out trajectories")
                .containsPattern(
                        "\\| flow \\| euclidean, x1\\S*-prediction, .* d\\\\_E \\d+, .*at most 40 s, batches of \\d+")
                .contains("|  | of this flow | held-out | train | retrieval |\n|")
                .contains("| networks | 128 | 20 | 60 | 128 |")
                .contains("| Quality, accuracy % | 90.9 ± 1.2 | 94.4 ± 0.4 | 94.3 ± 0.5 | 94.3 ± 0.5 |")
                .contains("| Novelty, nn ratio | 1.10 | 1.00 | 0.98 | 0.00 |")
                .contains("| Novelty, copies % | 0.0 | 0.0 | 0.0 | 100.0 |")
                .contains("zooflow.jar export runs/" + SampleRun.RUN + " --flow euclidean\n")
                .contains("zooflow.jar extend runs/" + SampleRun.RUN + " 'samplings.2={name=more, networks=100}'")
                .contains("| git-commit | 39d5edb0c1b0b7c4d1a0f2a0a3a9d7c5e4f3b2a1 |")
                .contains("| os | Linux \\<6.1\\> amd64 |")
                .doesNotContain("stopped early");
    }

    @Test
    void namesTheFileByItsContent() throws Exception {
        // printf euclidean | sha256sum
        String sha256 = "f0829fb344d4ac01917f06395b19d59d3081d6b62092087aae84141e7fee985a";
        assertThat(card(SampleRun.record(SampleRun.completed())))
                .contains("Blob `" + sha256 + "`, 9 bytes", "`" + sha256.substring(0, 2) + "/" + sha256.substring(2));
    }

    @Test
    void aFlowThatWasStoppedHasTheCardOfItsLastCheckpoint() throws Exception {
        RunRecord record = SampleRun.record(SampleRun.stopped());
        String accuracy = Numbers.percent(
                record.latest("euclidean").orElseThrow().values().get("validation_accuracy_mean"));

        assertThat(card(record))
                .contains("**This flow was stopped early at step 480: loss\\_mean 0.7 is above 0.5.**")
                .contains("its last checkpoint, at step 960 after 32 s with a loss of 0.7000.")
                .contains(
                        "This checkpoint has not been scored. Of the last one that has, at step 480, on the validation")
                .contains("|  | of this flow |\n| --- | --- |\n| networks | 16 |\n")
                .contains("| Quality, accuracy % | " + accuracy + " |")
                .contains("Share of the validation examples classified correctly")
                .contains("was measured on the validation split")
                .contains("Blob `f0829fb344d4ac01917f06395b19d59d3081d6b62092087aae84141e7fee985a`")
                .contains("Nothing draws from this checkpoint")
                .contains("zooflow.jar extend runs/" + SampleRun.RUN + " sweep.early-terminate.type=none\n")
                .doesNotContain("--flow", "Its training ended", "| held-out |");
        assertThat(dir.resolve("geometric/README.md"))
                .content()
                .contains("Its training ended at step 1,200", "that were stopped early are trained on there");
    }

    @Test
    void theScoresOfTheLastCheckpointAreShownWithoutReserve() throws Exception {
        List<Event> events = new ArrayList<>(SampleRun.stopped());
        events.removeIf(e -> e instanceof FlowCheckpoint c && c.flow().equals("euclidean"));
        BlobRef model = BlobRef.of(new byte[] {1});
        events.add(new FlowCheckpoint(SampleRun.RUN, "euclidean", 1, 480, 16, false, 0.7, model));
        events.add(new FlowCheckpoint(SampleRun.RUN, "euclidean", 0, 240, 8, false, 0.9, BlobRef.of(new byte[] {2})));

        assertThat(card(SampleRun.record(events)))
                .contains("Of this checkpoint, on the validation split:", "Blob `" + model.sha256())
                .doesNotContain("has not been scored");
    }

    @Test
    void aFlowThatWasStoppedTooLateHasTheCardOfItsEnd() throws Exception {
        List<Event> events = new ArrayList<>(SampleRun.stopped());
        events.add(new FlowCheckpoint(SampleRun.RUN, "euclidean", 4, 1200, 40, true, 0.8, BlobRef.of(new byte[] {1})));

        assertThat(card(SampleRun.record(events)))
                .contains("Its training ended")
                .doesNotContain("stopped early");
    }

    @Test
    void aFlowThatFailedHasNone() {
        FlowCard.write(SampleRun.record(SampleRun.failed()), DIGITS, dir);
        assertThat(dir.resolve("geometric/README.md")).isNotEmptyFile();
        assertThat(dir.resolve("euclidean")).doesNotExist();
    }
}
