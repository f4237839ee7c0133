package dev.zooflow.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.zooflow.Programme;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages in a real browser; skipped where there is no Chromium. */
class ReportPageTest {

    private static final Pattern FIGURE =
            Pattern.compile("<figure[^>]*><figcaption><h3>([^<]*)</h3>(?:(?!</figure>).)*</figure>", Pattern.DOTALL);

    /** Presses the button of each chart, and writes into the page which file that makes. */
    private static final String SAVE = """
            <script>
            {
              const saved = [];
              HTMLAnchorElement.prototype.dispatchEvent = function () {
                const [kind, text] = this.href.split(',');
                const image = new DOMParser().parseFromString(decodeURIComponent(text), 'image/svg+xml').documentElement;
                saved.push(`${this.download} ${kind} ${image.nodeName} ${image.querySelectorAll('path').length > 4}`);
              };
              document.querySelectorAll('[_echarts_instance_]').forEach(chart => {
                const page = echarts.getInstanceByDom(chart).getZr();
                page.refreshImmediately();
                const button = page.storage.getDisplayList().find(e => e.__title === 'Save as SVG');
                const place = button.getBoundingRect().clone();
                place.applyTransform(button.transform);
                const at = { zrX: place.x + place.width / 2, zrY: place.y + place.height / 2 };
                ['mousemove', 'mousedown', 'mouseup', 'click'].forEach(event => page.handler.dispatch(event, at));
              });
              const list = document.body.appendChild(document.createElement('pre'));
              list.id = 'saved';
              list.textContent = saved.join('\\n');
            }
            </script>
            """;

    @TempDir
    Path dir;

    /** The page as the browser has it after its script; that complains about nothing. */
    private String dom(Path page) throws Exception {
        Optional<Path> chromium = Programme.chromium();
        assumeThat(chromium).as("Chromium is on the PATH").isPresent();
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
                        page.toUri().toString())
                .redirectOutput(dir.resolve("dom.html").toFile())
                .redirectError(dir.resolve("log.txt").toFile())
                .start();
        boolean ended = process.waitFor(60, TimeUnit.SECONDS);
        process.destroyForcibly().waitFor();

        assertThat(ended).isTrue();
        assertThat(Files.readString(dir.resolve("log.txt"), StandardCharsets.UTF_8))
                .doesNotContain("CONSOLE");
        return Files.readString(dir.resolve("dom.html"), StandardCharsets.UTF_8);
    }

    /** Captions of the figures that are drawn, and the drawing. */
    private static Map<String, String> drawn(String dom) {
        Map<String, String> figures = new LinkedHashMap<>();
        Matcher figure =
                FIGURE.matcher(dom.replaceAll("(?s)<script.*?</script>", "").replaceAll(">\\s+<", "><"));
        while (figure.find()) {
            if (figure.group().contains("<svg ")) {
                figures.put(figure.group(1), figure.group());
            }
        }
        return figures;
    }

    @Test
    void drawsEveryChartWithoutAnError() throws Exception {
        ReportWriter.write(SampleRun.record(SampleRun.completed()), dir);

        String dom = dom(dir.resolve("report.html"));

        // Scatter, 2 × quality, 2 × averaging, 3 × steps, 2 × distribution, 3 flow curves, 2 zoo curves, 2 heat maps; 4
        // × 4
        // pictures of weights.
        assertThat(dom.split("<svg ", -1)).hasSize(1 + 17);
        assertThat(dom.split("<canvas ", -1)).hasSize(1 + 16);
    }

    @Test
    void savesEveryChartAsSvg() throws Exception {
        ReportWriter.write(SampleRun.record(SampleRun.completed()), dir);
        assertSavesAsSvg(17, Files.readString(dir.resolve("report.html")));
    }

    private void assertSavesAsSvg(int charts, String page) throws Exception {
        Path pressed = Files.writeString(
                dir.resolve("pressed.html"),
                page.replaceFirst("(?=</body>\\s*</html>)", Matcher.quoteReplacement(SAVE)));

        Matcher saved = Pattern.compile("(?s)<pre id=\"saved\">(.*?)</pre>").matcher(dom(pressed));

        assertThat(saved.find()).isTrue();
        assertThat(saved.group(1).lines())
                .hasSize(charts)
                .doesNotHaveDuplicates()
                .allMatch(file -> file.matches("[\\w.-]+\\.svg data:image/svg\\+xml;charset=UTF-8 svg true"));
    }

    @Test
    void drawsTheFiguresOfTheThesis() throws Exception {
        ReportWriter.write(SampleRun.record(SampleRun.figures()), dir);

        Map<String, String> figures = drawn(dom(dir.resolve("report.html")));

        assertThat(figures.keySet())
                .as("histograms of the Gaussian flow")
                .contains("All weights", "Means of networks")
                .as("heat maps of barriers")
                .contains("Loss barriers before alignment", "Loss barriers after alignment")
                .as("integration steps")
                .contains("Accuracy by integration steps", "Loss by integration steps")
                .as("model averaging")
                .contains("Model averaging: accuracy", "Model averaging: NLL")
                .as("learning curves of sampled and random initialisation")
                .contains("Accuracy, from sampled and random weights", "Loss, from sampled and random weights")
                .as("scaling with d_E")
                .contains("Accuracy by width d_E", "Loss by width d_E", "Novelty by width d_E");
        assertThat(figures.get("Accuracy, from sampled and random weights")).contains(">random<", ">width-8<");
        assertThat(figures.get("Means of networks")).contains(">source<", ">held-out<", ">width-8<");
        assertThat(figures.get("Accuracy by width d_E")).contains(">8<", ">16<", ">32<", ">64<");
    }

    @Test
    void drawsRunsSideBySide() throws Exception {
        for (String run : List.of("one", "two")) {
            Path directory = dir.resolve(run);
            ReportWriter.write(SampleRun.record(SampleRun.completed()), directory);
            Files.writeString(directory.resolve("status"), "completed\n");
        }
        Comparison comparison =
                new Comparison(List.of(StoredRun.read(dir.resolve("one")), StoredRun.read(dir.resolve("two"))));

        String dom = dom(Files.write(dir.resolve("compare.html"), comparison.page()));

        Map<String, String> figures = drawn(dom);
        assertThat(figures)
                .containsOnlyKeys(
                        "Accuracy against novelty",
                        "Groups by novel performant 075",
                        "Training loss",
                        "Accuracy of checkpoints");
        assertThat(figures.get("Accuracy against novelty")).contains(">one<", ">two<", ">geometric<");
        assertThat(figures.get("Groups by novel performant 075"))
                .contains(">one<", ">two<", ">held-out<", ">geometric<");
        for (String curves : List.of("Training loss", "Accuracy of checkpoints")) {
            assertThat(figures.get(curves)).contains(">one<", ">two<", ">geometric<");
        }
        assertSavesAsSvg(4, new String(comparison.page(), StandardCharsets.UTF_8));
    }
}
