package dev.zooflow.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchCommandTest {

    private static final String SMALL = """
            task { kind = two-moons, examples = 100 }
            network.hidden = [4, 3]
            zoo { training-trajectories = 3, epochs = 2, burn-in-epochs = 0, snapshots = 1 }
            flow { backbone { width = 4, layers = 1 }, training.batch-size = 6 }
            sampling.steps = 2
            evaluation.likelihood.steps = 2
            """;

    @TempDir
    private Path dir;

    @ParameterizedTest(name = "{0}")
    @CsvSource({"train-step, 6", "sample, 64", "zoo, 3", "align, 8000", "likelihood, 16"})
    void everyBenchmarkSaysItsFigures(String what, int batch) throws IOException {
        JsonNode figures = bench(what, "--warm-up=0", "--steps=2");
        assertThat(figures.get("what").asText()).isEqualTo(what);
        assertThat(figures.get("batch").asInt()).isEqualTo(batch);
        assertThat(figures.get("steps").asInt()).isEqualTo(2);
        double median = figures.get("median_ms").asDouble();
        assertThat(median).isPositive();
        assertThat(median)
                .isBetween(
                        figures.get("min_ms").asDouble(), figures.get("max_ms").asDouble());
        assertThat(figures.get("samples_per_second").asDouble()).isPositive();
        assertThat(figures.get("gflop_per_second").asDouble()).isPositive();
        assertThat(figures.has("peak_resident_mib")).isTrue();
        // 2-4-3-2
        assertThat(figures.get("edges").asInt()).isEqualTo(8 + 12 + 6);
        assertThat(figures.get("ns_per_edge").asDouble()).isCloseTo(median * 1e6 / 26 / batch, within(1e-6));
    }

    @Test
    void batchAndSizesAreOptions() throws IOException {
        JsonNode small = bench("sample", "--warm-up=0", "--steps=1", "--batch=2", "sampling.steps=1");
        assertThat(small.get("batch").asInt()).isEqualTo(2);
        assertThat(bench("align", "--warm-up=0", "--steps=1", "--batch=5", "network.hidden=[]")
                        .get("batch")
                        .asInt())
                .isEqualTo(5);
    }

    @Test
    void severalWidthsAndBatchesAreACurve() throws IOException {
        CommandResult result = CommandResult.of(
                "bench", "align", "--config", small(), "--warm-up=0", "--steps=1", "--hidden=2,5", "--batch=3,4");
        assertThat(result.code()).as(result.err()).isZero();
        // Edges of 2-2-2-2 and 2-5-5-2.
        assertThat(result.out())
                .containsPattern("(?m)^ +edges +batch +median_ms .*ns_per_edge")
                .containsPattern("(?m)^ +12 +3 +[0-9.]+ ")
                .containsPattern("(?m)^ +12 +4 +[0-9.]+ ")
                .containsPattern("(?m)^ +45 +3 +[0-9.]+ ")
                .containsPattern("(?m)^ +45 +4 +[0-9.]+ ")
                .hasLineCount(5);
        CommandResult json = CommandResult.of(
                "bench",
                "align",
                "--config",
                small(),
                "--warm-up=0",
                "--steps=1",
                "--hidden=2,5",
                "--batch=3",
                "--json");
        assertThat(json.out().lines()).hasSize(2).allMatch(line -> line.startsWith("{") && line.endsWith("}"));
    }

    @Test
    void namedConfigurationsNeedNoFile() {
        CommandResult result = CommandResult.of("bench", "align", "--batch=3", "--steps=1", "--config=mnist");
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.out()).containsPattern("what +align").containsPattern("config +mnist");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            nothing                        | benchmark (nothing) is unknown. Maybe one of train-step, sample, zoo, align, likelihood?
            align --batch=0                | --batch (0) is below 1
            align --steps=0                | --steps (0) is below 1
            zoo --warm-up=-1               | --warm-up (-1) is below 0
            align --config=iris            | iris
            align zoo.epochz=1             | zoo.epochz (1) is not a known key. Maybe zoo.epochs?
            """)
    void wrongUsageIsSaid(String args, String message) {
        CommandResult result = CommandResult.of(Stream.concat(Stream.of("bench"), Stream.of(args.split(" ", -1)))
                .toArray(String[]::new));
        assertThat(result.code()).isEqualTo(ExitCode.USAGE);
        assertThat(result.err()).contains(message);
    }

    @Test
    void anExperimentWhoseSizesAreInItsDataIsRefused() throws IOException {
        Path file = Files.writeString(dir.resolve("e.conf"), "task { kind = csv, file = a.csv }");
        CommandResult result = CommandResult.of("bench", "align", "--config", file.toString());
        assertThat(result.code()).isEqualTo(ExitCode.USAGE);
        assertThat(result.err()).contains("has its sizes in its data");
    }

    private String small() throws IOException {
        return Files.writeString(dir.resolve("small.conf"), SMALL).toString();
    }

    private JsonNode bench(String what, String... more) throws IOException {
        Stream<String> args = Stream.of("bench", what, "--json", "--config", small());
        CommandResult result =
                CommandResult.of(Stream.concat(args, Stream.of(more)).toArray(String[]::new));
        assertThat(result.code()).as(result.err()).isZero();
        return JsonMapper.builder().build().readTree(result.out());
    }
}
