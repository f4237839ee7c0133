package dev.zooflow.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProvenanceTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2025-03-08T13:45:02.117Z"), ZoneOffset.UTC);

    @Test
    void saysWhatMadeAResult(@TempDir Path noCheckout) {
        Map<String, String> provenance = Provenance.collect(ExperimentFile.parse("seed = 42"), CLOCK, noCheckout);

        assertThat(provenance)
                .containsEntry("started", "2025-03-08T13:45:02.117Z")
                .containsEntry("seed", "42")
                .containsEntry("jar-sha256", "classes")
                .containsKeys("java", "os", "host", "processors")
                .doesNotContainKey("git-commit");
        assertThat(provenance.get("experiment-sha256")).matches("[0-9a-f]{64}");
    }

    @Test
    void theBuildWritesTheVersionsOfTheLibraries() {
        assertThat(Provenance.versions())
                .containsOnlyKeys("zooflow", "djl", "libtorch", "kafka", "pekko")
                .allSatisfy((name, version) -> assertThat(version).matches("\\d+\\.\\d+.*"));
    }

    @Test
    void differentExperimentsHaveDifferentHashes(@TempDir Path dir) {
        String one = Provenance.collect(ExperimentFile.parse(""), CLOCK, dir).get("experiment-sha256");
        String other = Provenance.collect(ExperimentFile.parse("zoo.epochs = 21"), CLOCK, dir)
                .get("experiment-sha256");

        assertThat(one).isNotEqualTo(other);
    }

    @Test
    void recordsTheCommitOfACheckoutAndWhatDiffersFromIt(@TempDir Path dir) throws Exception {
        Path file = checkout(dir);

        assertThat(GitState.of(dir)).hasValueSatisfying(git -> {
            assertThat(git.commit()).matches("[0-9a-f]{40}");
            assertThat(git.dirty()).isFalse();
        });
        Files.writeString(file, "two\n");
        Files.writeString(dir.resolve("untracked"), "three\n");
        Map<String, String> provenance = Provenance.collect(ExperimentFile.parse(""), CLOCK, dir);
        assertThat(provenance).containsEntry("git-dirty", "true");
        assertThat(provenance.get(Provenance.GIT_DIFF))
                .contains("+++ b/file", "-one", "+two")
                .doesNotContain("three");
        Files.writeString(dir.resolve("patch"), provenance.get(Provenance.GIT_DIFF));
        git(dir, "checkout", "-q", "file");
        assertThat(Provenance.collect(ExperimentFile.parse(""), CLOCK, dir))
                .containsEntry("git-dirty", "false")
                .doesNotContainKey(Provenance.GIT_DIFF);
        git(dir, "apply", "patch");
        assertThat(file).hasContent("two");
    }

    @Test
    void aLongDiffIsCutOff(@TempDir Path dir) throws Exception {
        Files.writeString(checkout(dir), "a line of thirty-two characters\n".repeat(1 << 15));

        assertThat(GitState.of(dir)).hasValueSatisfying(git -> {
            assertThat(git.dirty()).isTrue();
            assertThat(git.diff())
                    .hasSize(GitState.LONGEST_DIFF + GitState.CUT_OFF.length())
                    .endsWith(GitState.CUT_OFF);
        });
    }

    private static Path checkout(Path dir) throws Exception {
        assumeThat(GitState.of(Path.of("")).isPresent() || Files.isExecutable(Path.of("/usr/bin/git")))
                .as("git is installed")
                .isTrue();
        git(dir, "init", "-q");
        Path file = Files.writeString(dir.resolve("file"), "one\n");
        git(dir, "add", "file");
        git(dir, "-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-q", "-m", "x");
        return file;
    }

    @Test
    void runIdsAreTheNameAndTheTime() {
        assertThat(RunId.create("quickstart", CLOCK)).hasToString("quickstart-20250308-134502-117");
        assertThat(RunId.create("a".repeat(RunId.LONGEST_NAME), CLOCK).value()).hasSize(100);
        assertThatThrownBy(() -> new RunId("../x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("run name (../x)");
    }

    private static void git(Path dir, String... arguments) throws Exception {
        String[] command = new String[arguments.length + 1];
        command[0] = "git";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        assertThat(new ProcessBuilder(command).directory(dir.toFile()).start().waitFor())
                .isZero();
    }
}
