package dev.zooflow.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ctrl-C at any stage: exit code 130 soon, a message, and a directory that does not look complete. */
@Tag("beside")
class InterruptIT {

    private static final String EXPERIMENT = """
            name = long
            task { kind = two-moons, examples = 300 }
            network { hidden = [8] }
            zoo { training-trajectories = 8, held-out-trajectories = 4, epochs = 4, burn-in-epochs = 2, snapshots = 1 }
            flows = [{ name = slow, backbone { width = 16, layers = 2 }, training { time = 10 minutes, batch-size = 8, checkpoint-every = 1 s } }]
            """;

    @TempDir
    private Path dir;

    @ParameterizedTest(name = "after a line with “{0}”")
    @ValueSource(strings = {"run interrupted in", "zoo: ", "flow slow: training", "generated/slow: "})
    void endsWith130(String line) throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/bin/kill")), "this system has no /bin/kill");
        Process process = run("--name", "interrupted");
        try (BufferedReader out = process.inputReader()) {
            List<String> before =
                    out.lines().takeWhile(l -> !l.startsWith(line)).toList();
            assertThat(process.isAlive()).as(String.join("\n", before)).isTrue();
            String after = interrupt(process, out);
            assertThat(after).contains("interrupted: ").doesNotContain("\tat ", "error:");
        } finally {
            process.destroyForcibly();
        }
        assertThat(dir.resolve("interrupted/status")).content().isEqualTo("interrupted\n");
        assertThat(dir.resolve("interrupted/report.html")).doesNotExist();
        assertThat(dir.resolve("interrupted/scores.json")).doesNotExist();
    }

    @Test
    void aSeriesRanksTheRunsThatAreOver() throws IOException, InterruptedException {
        assumeTrue(Files.isExecutable(Path.of("/bin/kill")), "this system has no /bin/kill");
        Process process = run("--each", "flows.slow.training.steps=[2, 0, 1]");
        try (BufferedReader out = process.inputReader()) {
            List<String> before = out.lines()
                    .takeWhile(line -> !line.equals("flows.slow.training.steps=0"))
                    .toList();
            assertThat(before).anyMatch(line -> line.startsWith("report: "));
            assertThat(out.lines().anyMatch(line -> line.startsWith("zoo: "))).isTrue();
            assertThat(interrupt(process, out))
                    .containsPattern("interrupted: 1 of 3 runs are over, left are\n"
                            + "  flows.slow.training.steps=0\n  flows.slow.training.steps=1\n"
                            + "The first of these was begun as (\\S+/long-[0-9-]+)\\.\n"
                            + "Maybe `zooflow resume \\1`, then `zooflow run \\S+e\\.conf --runs-dir \\S+"
                            + " --each 'flows\\.slow\\.training\\.steps=\\[2, 0, 1\\]' --skip-completed`\\?\n")
                    .containsPattern(
                            "the best group of each run by \\w+\nvalues .*\nflows.slow.training.steps=2 .*\n?$")
                    .doesNotContain("\tat ", "error:");
        } finally {
            process.destroyForcibly();
        }
    }

    private Process run(String... options) throws IOException {
        Path file = Files.writeString(dir.resolve("e.conf"), EXPERIMENT);
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.zooflow.app.Main",
                "run",
                file.toString(),
                "--runs-dir",
                dir.toString()));
        command.addAll(List.of(options));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    /** Presses Ctrl-C; returns what the process printed from then to its end. */
    private static String interrupt(Process process, BufferedReader out) throws IOException, InterruptedException {
        new ProcessBuilder("/bin/kill", "-INT", Long.toString(process.pid()))
                .start()
                .waitFor();
        String after = out.lines().collect(Collectors.joining("\n"));
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(ExitCode.INTERRUPTED);
        return after;
    }
}
