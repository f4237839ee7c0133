package dev.zooflow.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is wrong with what a user gives: one clear line, the right exit code, nothing left that looks like a result. */
class BadInputTest {

    @TempDir
    private Path dir;

    private Path experiment(String text) throws IOException {
        return Files.writeString(dir.resolve("experiment.conf"), text);
    }

    private CommandResult run(Path experiment, String... more) {
        Stream<String> fixed =
                Stream.of("run", experiment.toString(), "--runs-dir", path("runs"), "--data-dir", path("data"));
        return CommandResult.of(Stream.concat(fixed, Stream.of(more)).toArray(String[]::new));
    }

    private String path(String name) {
        return dir.resolve(name).toString();
    }

    private void refused(CommandResult result, int code, String... parts) throws IOException {
        assertThat(result.code()).as(result.err()).isEqualTo(code);
        assertThat(result.errorLines()).hasSize(1);
        assertThat(result.errorLines().get(0)).startsWith("error: ").contains(parts);
        Path runs = dir.resolve("runs");
        if (Files.isDirectory(runs)) {
            try (Stream<Path> left = Files.walk(runs)) {
                assertThat(left.map(p -> p.getFileName().toString())).doesNotContain("report.html", "scores.json");
            }
        }
    }

    private Path csv(String... lines) throws IOException {
        Files.createDirectories(dir.resolve("data"));
        Files.write(dir.resolve("data/table.csv"), List.of(lines));
        return experiment("name = t\ntask { kind = csv, file = table.csv, test-fraction = 0.2 }\n");
    }

    @Test
    void missingDataFile() throws IOException {
        refused(run(experiment("name = t\ntask.kind = wdbc\n")), ExitCode.INFRASTRUCTURE, "wdbc.data", "Maybe");
    }

    @Test
    void wrongHash() throws IOException {
        Files.createDirectories(dir.resolve("data"));
        Files.writeString(dir.resolve("data/wdbc.data"), "842302,M,17.99\n");
        CommandResult result = run(experiment("name = t\ntask.kind = wdbc\n"));
        refused(result, ExitCode.INFRASTRUCTURE, "wdbc.data", "SHA-256", "d606af");
    }

    @Test
    void csvWithAMissingCell() throws IOException {
        refused(run(csv("a,b,label", "1,2,x", "3,,y")), ExitCode.INFRASTRUCTURE, "table.csv", "3", "b");
    }

    @Test
    void csvWithATextInANumberColumn() throws IOException {
        refused(run(csv("a,b,label", "1,2,x", "3,four,y")), ExitCode.INFRASTRUCTURE, "table.csv", "3", "b", "four");
    }

    @Test
    void aClassOfTheTestFilesAlone() throws IOException {
        Files.createDirectories(dir.resolve("data"));
        for (String split : List.of("train", "test")) {
            Files.write(dir.resolve("data/" + split + "-x"), idx(new byte[40], 40, 1, 1));
            byte[] labels = new byte[40];
            for (int i = 0; i < 40; i++) {
                labels[i] = (byte) (i % (split.equals("train") ? 2 : 3));
            }
            Files.write(dir.resolve("data/" + split + "-y"), idx(labels, 40));
        }
        Path experiment = experiment("name = t\ntask { kind = idx, train-images = train-x, train-labels = train-y,"
                + " test-images = test-x, test-labels = test-y }\n");
        refused(run(experiment), ExitCode.INFRASTRUCTURE, "class", "2", "training");
    }

    /** An IDX file of unsigned bytes. */
    private static byte[] idx(byte[] values, int... shape) {
        ByteBuffer out = ByteBuffer.allocate(4 + 4 * shape.length + values.length);
        out.putInt(0x0800 + shape.length);
        for (int size : shape) {
            out.putInt(size);
        }
        return out.put(values).array();
    }

    @Test
    void hoconSyntaxError() throws IOException {
        refused(run(experiment("name = t\nzoo { epochs = 3\n")), ExitCode.USAGE, "experiment.conf");
    }

    @Test
    void aSeriesGoesOnAfterAFailureUnlessItsSweepSaysStop() throws IOException {
        Path experiment = experiment("name = t\ntask.kind = wdbc\n");
        CommandResult all = run(experiment, "--each", "seed=[1, 2, 3]");
        assertThat(all.code()).isEqualTo(ExitCode.INFRASTRUCTURE);
        assertThat(all.errorLines()).hasSize(3);
        CommandResult stop = run(experiment, "sweep.on-failure=stop", "--each", "seed=[1, 2, 3]");
        refused(stop, ExitCode.INFRASTRUCTURE, "wdbc.data");
        assertThat(stop.out())
                .contains("sweep.on-failure (stop) leaves out\n  seed=2\n  seed=3\nMaybe `zooflow run ")
                .contains(" sweep.on-failure=stop --each 'seed=[1, 2, 3]' --skip-completed` once that is mended?");
    }

    @Test
    void unknownKey() throws IOException {
        refused(run(experiment("name = t\nzoo { epoch = 3 }\n")), ExitCode.USAGE, "zoo.epoch", "Maybe zoo.epochs");
    }

    @Test
    void impossibleWidth() throws IOException {
        refused(run(experiment("name = t\nnetwork.hidden = [0]\n")), ExitCode.USAGE, "network.hidden", "0");
        refused(run(experiment("name = t\n"), "network.hidden=[70000]"), ExitCode.USAGE, "70000");
    }

    @Test
    void missingExperimentFile() throws IOException {
        refused(run(dir.resolve("nothing.conf")), ExitCode.USAGE, "nothing.conf", "does not exist");
    }

    @Test
    void runsDirectoryThatIsAFile() throws IOException {
        Files.writeString(dir.resolve("runs"), "in the way");
        refused(run(experiment("name = t\ntask.examples = 500\n")), ExitCode.INFRASTRUCTURE, "run directory", "runs");
    }

    @Test
    void runsDirectoryThatCannotBeWritten() throws IOException {
        // Not even an administrator makes directories there.
        assumeTrue(Files.isDirectory(Path.of("/proc/self")), "this system has no /proc");
        Path experiment = experiment("name = t\ntask.examples = 500\n");
        CommandResult result = CommandResult.of("run", experiment.toString(), "--runs-dir", "/proc/self");
        refused(result, ExitCode.INFRASTRUCTURE, "run directory", "/proc/self");
    }

    @Test
    void runNameThatExistsOrIsNone() throws IOException {
        Files.createDirectories(dir.resolve("runs/first"));
        Path experiment = experiment("name = t\ntask.examples = 500\n");
        refused(run(experiment, "--name", "first"), ExitCode.INFRASTRUCTURE, "first", "exists");
        refused(run(experiment, "--name", "../up"), ExitCode.USAGE, "../up");
    }

    @Test
    void workerWithoutBrokers() throws IOException {
        refused(CommandResult.of("worker"), ExitCode.USAGE, "bootstrap-servers");
    }

    @Test
    void unknownSetting() throws IOException {
        Path settings = Files.writeString(dir.resolve("s.conf"), "zooflow.worker.thread = 2\n");
        CommandResult result = CommandResult.of("worker", "--config", settings.toString());
        refused(result, ExitCode.USAGE, "zooflow.worker.thread", "threads");
    }

    @Test
    void exportOfADirectoryThatIsNoRun() throws IOException {
        refused(CommandResult.of("export", dir.toString()), ExitCode.USAGE, "holds no event log");
    }

    @Test
    void aZooHasNoVariants() throws IOException {
        refused(
                CommandResult.of("export", dir.toString(), "--zoo", "--variant", "wide"),
                ExitCode.USAGE,
                "--variant (wide)");
    }

    @Test
    void argumentsThatMakeNoSense() {
        for (String line : List.of("", "rnu", "run", "run x.conf --nmae y", "data", "worker --roles cook", "broker")) {
            CommandResult result = CommandResult.of(line.isEmpty() ? new String[0] : line.split(" ", -1));
            assertThat(result.code()).as(line).isEqualTo(ExitCode.USAGE);
            assertThat(result.errorLines().get(0)).startsWith("error: ");
            assertThat(result.errorLines()).hasSizeLessThanOrEqualTo(2);
        }
    }
}
