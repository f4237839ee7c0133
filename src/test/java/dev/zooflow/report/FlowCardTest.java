package dev.zooflow.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
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
                .contains("| os | Linux \\<6.1\\> amd64 |");
    }

    @Test
    void namesTheFileByItsContent() throws Exception {
        // printf euclidean | sha256sum
        String sha256 = "f0829fb344d4ac01917f06395b19d59d3081d6b62092087aae84141e7fee985a";
        assertThat(card(SampleRun.record(SampleRun.completed())))
                .contains("Blob `" + sha256 + "`, 9 bytes", "`" + sha256.substring(0, 2) + "/" + sha256.substring(2));
    }

    @Test
    void aFlowWithoutAnEndHasNone() {
        FlowCard.write(SampleRun.record(SampleRun.failed()), DIGITS, dir);
        assertThat(dir.resolve("geometric/README.md")).isNotEmptyFile();
        assertThat(dir.resolve("euclidean")).doesNotExist();
    }
}
