package dev.zooflow.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What README has newcomers do, word by word, with experiments that are over soon. */
@Timeout(value = 8, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReadmeIT {

    private static final Pattern BLOCK = Pattern.compile("(?s)```(?:sh|hocon)\\n(.*?)```");

    /** Below a file's own keys, above which they are. */
    private static final String SOON = """

            zoo { training-trajectories = 6, held-out-trajectories = 3, epochs = 4, burn-in-epochs = 2, snapshots = 2 }
            flow.training { steps = 8, checkpoint-steps = 4, batch-size = 4 }
            sampling { networks = 4, checkpoint-networks = 4, steps = 2 }
            evaluation { networks = 4, barrier-networks = 2, export = 1 }
            """;

    private static final String FEW = "task.examples = 600";

    @TempDir
    private Path dir;

    private static String readme() throws IOException {
        return Files.readString(Path.of("README.md"));
    }

    /** The first block of the README that begins so. */
    private static String block(String begin) throws IOException {
        return BLOCK.matcher(readme())
                .results()
                .map((MatchResult m) -> m.group(1))
                .filter(text -> text.startsWith(begin))
                .findFirst()
                .orElseThrow();
    }

    private void experiment(String name, String text) throws IOException {
        Path file = dir.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text + SOON);
    }

    private void table(String name) throws IOException {
        Random random = new Random(1);
        StringBuilder csv = new StringBuilder("width,height,species\n");
        for (int i = 0; i < 90; i++) {
            csv.append("%.3f,%.3f,%s%n"
                    .formatted(random.nextGaussian() + i % 3, random.nextGaussian(), "abc".charAt(i % 3)));
        }
        Files.writeString(dir.resolve(name), csv);
    }

    /** What a shell prints that performs a block. */
    private String perform(String commands) throws IOException, InterruptedException {
        Path out = dir.resolve("out.txt");
        Process shell = new ProcessBuilder("sh", "-e", "-c", commands)
                .directory(dir.toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        int code = shell.waitFor();
        String printed = Files.readString(out);
        assertThat(code).as(printed).isZero();
        return printed;
    }

    @Test
    void theFirstFiveMinutes() throws IOException, InterruptedException {
        Files.createDirectories(dir.resolve("target"));
        Files.createSymbolicLink(
                dir.resolve("target/zooflow.jar"),
                Path.of(System.getProperty("zooflow.jar")).toAbsolutePath());
        experiment("experiments/quickstart.conf", Files.readString(Path.of("experiments/quickstart.conf")) + FEW);
        experiment("mine.conf", block("name = mine\n"));
        experiment("which-flow.conf", block("name = which-flow\n") + FEW);
        table("table.csv");

        String printed = perform(block("java -jar target/zooflow.jar run experiments/quickstart.conf --name first"));

        assertThat(dir.resolve("runs")).isDirectoryContaining("glob:**/{first,second,mine,which-flow}");
        for (String run : new String[] {"first", "second", "mine", "which-flow"}) {
            assertThat(dir.resolve("runs").resolve(run).resolve("status"))
                    .content()
                    .isEqualTo("completed\n");
            assertThat(dir.resolve("runs").resolve(run).resolve("report.html")).isNotEmptyFile();
        }
        assertThat(printed).contains("flows.geometric.training.time", "generated/width-64-normalized", "held-out");
        assertThat(dir.resolve("runs/which-flow/best")).isDirectoryRecursivelyContaining("glob:**/model.safetensors");
    }
}
