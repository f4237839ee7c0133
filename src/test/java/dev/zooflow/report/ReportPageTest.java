package dev.zooflow.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real browser; skipped where there is no Chromium. */
class ReportPageTest {

    @TempDir
    Path dir;

    @Test
    void drawsEveryChartWithoutAnError() throws Exception {
        Optional<Path> chromium = Stream.of("chromium", "chromium-browser", "google-chrome")
                .map(name -> Path.of("/usr/bin", name))
                .filter(Files::isExecutable)
                .findFirst();
        assumeThat(chromium).as("Chromium is installed").isPresent();
        ReportWriter.write(SampleRun.record(SampleRun.completed()), dir);

        Process process = new ProcessBuilder(
                        chromium.orElseThrow().toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-background-networking",
                        "--enable-logging=stderr",
                        "--user-data-dir=" + dir.resolve("profile"),
                        "--virtual-time-budget=2000",
                        "--dump-dom",
                        dir.resolve("report.html").toUri().toString())
                .redirectOutput(dir.resolve("dom.html").toFile())
                .redirectError(dir.resolve("log.txt").toFile())
                .start();
        boolean ended = process.waitFor(60, TimeUnit.SECONDS);
        process.destroyForcibly().waitFor();

        assertThat(ended).isTrue();
        assertThat(Files.readString(dir.resolve("log.txt"), StandardCharsets.UTF_8))
                .doesNotContain("CONSOLE");
        String dom = Files.readString(dir.resolve("dom.html"), StandardCharsets.UTF_8);
        // Scatter, 2 × quality, 2 × averaging, 3 × steps, 2 × distribution, 3 flow curves, 2 zoo curves, 2 heat maps; 4
        // × 4
        // pictures of weights.
        assertThat(dom.split("<svg ", -1)).hasSize(1 + 17);
        assertThat(dom.split("<canvas ", -1)).hasSize(1 + 16);
    }
}
