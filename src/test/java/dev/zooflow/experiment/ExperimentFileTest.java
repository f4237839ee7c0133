package dev.zooflow.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zooflow.experiment.FlowSpec.Geometry;
import dev.zooflow.graph.Activation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExperimentFileTest {

    private static final String THREE_FLOWS = """
            name = three
            seed = 9223372036854775807
            task { kind = wdbc, delimiter = ";" }
            network { hidden = [16, 8], activation = relu }
            flow.training { time = 90 s, batch-size = 7 }
            flow.backbone.width = 48
            flows = [
              { name = geo, coupling = optimal-transport }
              { name = euc, geometry = euclidean, training.time = 1500 ms, backbone { heads = 4 } }
              { name = nor, geometry = normalized, training { steps = 10, time = 0 } }
            ]
            """;

    @TempDir
    Path dir;

    @Test
    void anEmptyTextIsTheDefaults() {
        ExperimentSpec spec = ExperimentFile.parse("");

        assertThat(spec.name()).isEqualTo("experiment");
        assertThat(spec.flows()).extracting(FlowSpec::name).containsExactly("geometric");
        assertThat(spec.flows().get(0).training().time()).isEqualTo(Duration.ofSeconds(60));
        assertThat(spec.network()).isEqualTo(new NetworkSpec(List.of(16), Activation.RELU));
    }

    @Test
    void flowsInheritFromFlowOfTheFileAndTheDefaults() {
        ExperimentSpec spec = ExperimentFile.parse(THREE_FLOWS);

        assertThat(spec.flow("geo").training().time()).isEqualTo(Duration.ofSeconds(90));
        assertThat(spec.flow("geo").backbone().width()).isEqualTo(48);
        assertThat(spec.flow("euc").geometry()).isEqualTo(Geometry.EUCLIDEAN);
        assertThat(spec.flow("euc").training().time()).isEqualTo(Duration.ofMillis(1500));
        assertThat(spec.flow("euc").training().batchSize()).isEqualTo(7);
        assertThat(spec.flow("euc").backbone().heads()).isEqualTo(4);
        assertThat(spec.flow("nor").training().time()).isZero();
        assertThat(spec.flow("nor").training().learningRate()).isEqualTo(2e-3);
    }

    @Test
    void samplingsInheritFromSampling() throws IOException {
        Path file =
                write("sampling.networks = 9, samplings = [{ name = fast, steps = 4 }, { name = loud, noise = 0.5 }]");
        ExperimentSpec spec = ExperimentFile.load(file, List.of("sampling.steps=32", "samplings.loud.noise-from=0.8"));

        assertThat(spec.allSamplings()).extracting(SamplingSpec::name).containsExactly("", "fast", "loud");
        assertThat(spec.samplings()).allMatch(s -> s.networks() == 9);
        assertThat(spec.sampling("").steps()).isEqualTo(32);
        assertThat(spec.sampling("fast").steps()).isEqualTo(4);
        assertThat(spec.sampling("loud").steps()).isEqualTo(32);
        assertThat(spec.sampling("loud").noiseFrom()).isEqualTo(0.8);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                THREE_FLOWS,
                "transfer { task.noise = 0.2, guidance { at = xt, schedule = cosine } }, evaluation.refinement = [1, 20]",
                "publication.source = s, published = [{ group = train, label = l, accuracy = 0.5, loss-std = 0.1 }]",
                "sampling.networks = 9, samplings = [{ name = a, steps = 4 }, { name = b, noise = 0.5 }]",
                "network.hidden = [], task { kind = csv, file = \"a \\\"b\\\".csv\", ignore = [id] }"
            })
    void whatIsRenderedReadsBackEqual(String text) {
        ExperimentSpec spec = ExperimentFile.parse(text);

        assertThat(ExperimentFile.parse(ExperimentFile.render(spec))).isEqualTo(spec);
    }

    @Test
    void aFlowMayFollowGradientsOfItsOwnToTheOtherTask() {
        ExperimentSpec spec = ExperimentFile.parse("""
                sampling.steps = 20, transfer { guidance.strength = 30, refine { steps = 9, batch-size = 7 } }
                flows = [{ name = a, sampling.steps = 5, transfer { guidance.strength = 3, refine.steps = 4 } }, { name = b }]
                """);
        SamplingSpec own = spec.transferSampling(spec.flow("a"));
        assertThat(own.steps()).isEqualTo(5);
        assertThat(own.guidance().strength()).isEqualTo(3);
        assertThat(own.refine().steps()).isEqualTo(4);
        assertThat(own.refine().batchSize()).isEqualTo(7);
        SamplingSpec shared = spec.transferSampling(spec.flow("b"));
        assertThat(shared.guidance().strength()).isEqualTo(30);
        assertThat(shared.refine().steps()).isEqualTo(9);
        assertThat(ExperimentFile.parse(ExperimentFile.render(spec))).isEqualTo(spec);
        assertThat(spec.flow("a").trained())
                .isEqualTo(ExperimentFile.parse("flows = [{ name = a }]").flow("a"));
    }

    @Test
    void thereIsNoTransferUnlessItIsWritten() throws IOException {
        assertThat(ExperimentFile.parse("").transfer()).isEmpty();
        assertThat(ExperimentFile.parse("transfer {}").transfer())
                .hasValueSatisfying(t ->
                        assertThat(t.task()).isEqualTo(ExperimentFile.parse("").task()));
        assertThat(ExperimentFile.load(write("task.noise = 0.3"), List.of("transfer.networks=7"))
                        .transfer())
                .hasValueSatisfying(t -> {
                    assertThat(t.networks()).isEqualTo(7);
                    assertThat(t.task().noise()).isEqualTo(0.15);
                    assertThat(t.guidance().strength()).isEqualTo(1);
                });
    }

    @Test
    void overridesReachIntoBlocksAndLists() throws IOException {
        ExperimentSpec spec = ExperimentFile.load(
                write(THREE_FLOWS),
                List.of(
                        "zoo.epochs = 77",
                        "flow.training.learning-rate=1e-4",
                        "flows.0.geometry=normalized",
                        "flows.euc.backbone.width=64",
                        "flows.2.training={batch-size = 3}",
                        "network.hidden.1=5",
                        "task.file=",
                        "name=other"));

        assertThat(spec.zoo().epochs()).isEqualTo(77);
        assertThat(spec.flows()).allMatch(f -> f.training().learningRate() == 1e-4);
        assertThat(spec.flow("geo").geometry()).isEqualTo(Geometry.NORMALIZED);
        assertThat(spec.flow("euc").backbone().width()).isEqualTo(64);
        assertThat(spec.flow("nor").training().batchSize()).isEqualTo(3);
        assertThat(spec.flow("nor").training().steps()).isEqualTo(10);
        assertThat(spec.network().hidden()).containsExactly(16, 5);
        assertThat(spec.name()).isEqualTo("other");
    }

    @Test
    void overridesReachIntoTheDefaultList() throws IOException {
        ExperimentSpec spec = ExperimentFile.load(write("seed = 3"), List.of("flows.0.geometry=euclidean"));

        assertThat(spec.flow("geometric").geometry()).isEqualTo(Geometry.EUCLIDEAN);
    }

    @Test
    void aBudgetLiesAboveTheFileAndBelowOverrides() throws IOException {
        Path file = write(THREE_FLOWS + "\nbudgets { tiny { zoo { epochs = 21, burn-in-epochs = 1 } }, full {"
                + " flow.training.time = 3 h, flows.euc.backbone { heads = 2 }, network.hidden = [7] } }");

        ExperimentSpec full = ExperimentFile.load(file, List.of("budget=full", "flow.training.batch-size=9"));

        assertThat(full.flow("geo").training().time()).isEqualTo(Duration.ofHours(3));
        assertThat(full.flow("geo").training().batchSize()).isEqualTo(9);
        assertThat(full.flow("euc").training().time()).isEqualTo(Duration.ofMillis(1500));
        assertThat(full.flow("euc").backbone().heads()).isEqualTo(2);
        assertThat(full.network().hidden()).containsExactly(7);
        assertThat(full.zoo().epochs()).isEqualTo(20);
        assertThat(ExperimentFile.parse(ExperimentFile.render(full))).isEqualTo(full);
        assertThat(ExperimentFile.load(file, List.of("network.hidden=[5]", "budget=full"))
                        .network()
                        .hidden())
                .containsExactly(5);
        assertThat(ExperimentFile.load(file, List.of())).isEqualTo(ExperimentFile.parse(THREE_FLOWS));
    }

    @Test
    void aFileOfTheWorkingDirectoryFindsWhatItIncludes() throws IOException {
        Path included = Files.createTempFile(Path.of(""), "included", ".conf");
        Path file = Files.createTempFile(Path.of(""), "including", ".conf");
        try {
            Files.writeString(included, "seed = 7");
            Files.writeString(file, "name = x\ninclude \"%s\"".formatted(included.getFileName()));
            assertThat(ExperimentFile.load(file.getFileName(), List.of()).seed())
                    .isEqualTo(7);
        } finally {
            Files.delete(included);
            Files.delete(file);
        }
    }

    @Test
    void includesAreRelativeToTheFileAndSubstitutionsSeeTheDefaults() throws IOException {
        Files.createDirectories(dir.resolve("parts"));
        Files.writeString(dir.resolve("parts/zoo.conf"), "zoo { epochs = 33 }");
        Path file = write("include \"parts/zoo.conf\"\nzoo.batch-size = ${flow.training.batch-size}");

        ExperimentSpec spec = ExperimentFile.load(file, List.of());

        assertThat(spec.zoo().epochs()).isEqualTo(33);
        assertThat(spec.zoo().batchSize()).isEqualTo(32);
    }

    static List<Path> filesOfTheRepository() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("experiments"))) {
            return files.filter(f -> f.toString().endsWith(".conf")).toList();
        }
    }

    @ParameterizedTest
    @MethodSource("filesOfTheRepository")
    void theFilesOfTheRepositoryAreSoundWithEveryBudget(Path file) {
        ExperimentSpec spec = ExperimentFile.load(file, List.of());

        assertThat(file.getFileName()).hasToString(spec.name() + ".conf");
        assertThat(ExperimentFile.parse(ExperimentFile.render(spec))).isEqualTo(spec);
        for (String budget : Hocon.file(file)
                .withFallback(Hocon.defaults())
                .getObject("budgets")
                .keySet()) {
            assertThat(ExperimentFile.load(file, List.of("budget=" + budget))).isNotEqualTo(spec);
        }
    }

    private Path write(String text) throws IOException {
        return Files.writeString(dir.resolve("x.conf"), text);
    }
}
