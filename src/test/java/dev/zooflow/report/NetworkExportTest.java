package dev.zooflow.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.SweepSpec;
import dev.zooflow.experiment.UserError;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.message.Event;
import dev.zooflow.message.Event.GeneratedNetworks;
import dev.zooflow.message.Event.Score;
import dev.zooflow.message.SafeTensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworkExportTest {

    private static final RunRecord RECORD = SampleRun.record(SampleRun.completed());
    private static final DataDescription DIGITS = new DataDescription(
            "digits | 8×8",
            IntStream.range(0, 64).mapToObj(i -> "pixel-" + i).toList(),
            IntStream.range(0, 10).mapToObj(String::valueOf).toList(),
            new float[64],
            new float[64],
            8,
            8);

    @TempDir
    static Path dir;

    private static List<Path> folders = List.of();

    @BeforeAll
    static void export() {
        folders = NetworkExport.write(RECORD, DIGITS, dir);
    }

    @Test
    void aFolderForEachNetworkOfEachFlow() throws Exception {
        assertThat(folders)
                .extracting(f -> f.getFileName().toString())
                .hasSize(12)
                .startsWith("geometric-000", "geometric-001")
                .endsWith("normalized-003");
        assertThat(folders).allSatisfy(folder -> {
            try (var files = Files.list(folder)) {
                assertThat(files.map(f -> f.getFileName().toString()))
                        .containsExactlyInAnyOrder("model.safetensors", "config.json", "README.md", "SHA256SUMS");
            }
        });
    }

    @Test
    void tensorsAreNamedAndShapedAsASequentialHasThem() throws Exception {
        SafeTensors model = SafeTensors.read(folders.get(5).resolve("model.safetensors"));

        assertThat(model.tensors().keySet()).containsExactlyInAnyOrder("0.weight", "0.bias", "2.weight", "2.bias");
        assertThat(model.tensor("0.weight").shape()).containsExactly(16, 64);
        assertThat(model.tensor("2.weight").shape()).containsExactly(10, 16);
        assertThat(model.metadata())
                .containsEntry("format", "pt")
                .containsEntry("flow", "euclidean")
                .containsEntry("index", "1")
                .containsEntry("run", SampleRun.RUN.value())
                .containsEntry("git-dirty", "false");
    }

    @Test
    void theBestAreOfTheBestFlowNewAndTheMostAccurateFirst(@TempDir Path best) throws Exception {
        SweepSpec.Metric accuracy = new SweepSpec.Metric("accuracy_mean", SweepSpec.Goal.MAXIMIZE);
        BestNetworks chosen = BestNetworks.of(RECORD, accuracy, 3);
        String flow = RECORD.generated().stream()
                .map(GeneratedNetworks::flow)
                .max(Comparator.comparingDouble(f -> score(f).values().get("validation_accuracy_mean")))
                .orElseThrow();
        assertThat(chosen.networks().flow()).isEqualTo(flow);
        double[] accuracies = score(flow).series().get("validation_accuracy");
        double[] ratios = score(flow).series().get("nn_ratio");
        List<Integer> expected = IntStream.range(0, chosen.networks().networks().size())
                .boxed()
                .sorted(Comparator.comparing((Integer i) -> ratios[i] < 0.75).thenComparing(i -> -accuracies[i]))
                .limit(3)
                .toList();
        assertThat(chosen.indices()).isEqualTo(expected);

        List<Path> written = NetworkExport.write(RECORD, DIGITS, chosen, best);
        assertThat(written)
                .extracting(f -> f.getFileName().toString())
                .isEqualTo(expected.stream().map((flow + "-%03d")::formatted).toList());
        assertThat(Files.readString(written.get(1).resolve("README.md")))
                .contains(
                        "Chosen as number 2 of 4 by accuracy on the validation split",
                        "best by `validation_accuracy_mean`");
        assertThat(Files.readString(folders.get(0).resolve("README.md"))).doesNotContain("Chosen");
        assertThat(Files.readAllLines(best.resolve("index.jsonl"))).hasSize(3);
        assertThat(SafeTensors.read(written.get(0).resolve("model.safetensors")).metadata())
                .containsEntry("index", expected.get(0).toString());
    }

    @Test
    void littleOfALossIsBestAndAMetricThatNoFlowHasIsNamed() {
        SweepSpec.Metric loss = new SweepSpec.Metric("loss_mean", SweepSpec.Goal.MINIMIZE);
        double smallest = RECORD.generated().stream()
                .mapToDouble(g -> score(g.flow()).values().get("validation_loss_mean"))
                .min()
                .orElseThrow();
        assertThat(score(BestNetworks.of(RECORD, loss, 1).networks().flow()).values())
                .containsEntry("validation_loss_mean", smallest);
        SweepSpec.Metric charm = new SweepSpec.Metric("charm", SweepSpec.Goal.MAXIMIZE);
        assertThatThrownBy(() -> BestNetworks.of(RECORD, charm, 1))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("metric (validation_charm) is no value")
                .hasMessageContaining("one of [accuracy_mean, ")
                .hasMessageNotContaining("[validation_");
    }

    @Test
    void theRunSaysWhatIsGoodOfItsOwnMetricAndTheNameOfAnother() {
        ExperimentSpec odd = ExperimentFile.parse("sweep.metric { name = loss_mean, goal = maximize }");
        SweepSpec.Metric own = new SweepSpec.Metric("loss_mean", SweepSpec.Goal.MAXIMIZE);
        assertThat(BestNetworks.metricOf(odd, null, null)).isEqualTo(own);
        assertThat(BestNetworks.metricOf(odd, "validation_loss_mean", null)).isEqualTo(own);
        assertThat(BestNetworks.metricOf(odd, "bma_nll_16", null).goal()).isEqualTo(SweepSpec.Goal.MINIMIZE);
        assertThat(BestNetworks.metricOf(odd, null, SweepSpec.Goal.MINIMIZE))
                .isEqualTo(new SweepSpec.Metric("loss_mean", SweepSpec.Goal.MINIMIZE));
        ExperimentSpec none = ExperimentFile.parse("name = x");
        assertThat(BestNetworks.metricOf(none, null, null).name()).isEqualTo(BestNetworks.METRIC);
        assertThat(BestNetworks.metricOf(none, "loss_mean", null).goal()).isEqualTo(SweepSpec.Goal.MINIMIZE);
    }

    @Test
    void whatAnEarlierVersionScoredIsNoBasisOfAChoice() {
        List<Event> events = SampleRun.completed().stream()
                .map(event -> event instanceof Score s
                        ? new Score(
                                s.run(),
                                s.group(),
                                s.checkpoint(),
                                s.step(),
                                s.seconds(),
                                s.last(),
                                s.n(),
                                s.values(),
                                Map.of())
                        : event)
                .toList();
        SweepSpec.Metric accuracy = new SweepSpec.Metric("accuracy_mean", SweepSpec.Goal.MAXIMIZE);
        assertThatThrownBy(() -> BestNetworks.of(SampleRun.record(events), accuracy, 1))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("was scored by an earlier version")
                .hasMessageContaining("rerun");
    }

    @Test
    void networksOfAVariantSayHowTheyWereSampled(@TempDir Path some) throws Exception {
        List<Path> written = NetworkExport.write(SampleRun.record(SampleRun.varied(), "steps-4"), DIGITS, some);

        assertThat(written)
                .extracting(f -> f.getFileName().toString())
                .hasSize(12)
                .startsWith("geometric-steps-4-000")
                .endsWith("normalized-steps-4-003");
        Path folder = written.get(1);
        assertThat(SafeTensors.read(folder.resolve("model.safetensors"))
                        .tensor("0.weight")
                        .shape())
                .containsExactly(20, 64);
        JsonNode config =
                new ObjectMapper().readTree(folder.resolve("config.json").toFile());
        assertThat(config.get("widths").toString()).isEqualTo("[64,20,10]");
        assertThat(config.at("/provenance/variant").textValue()).isEqualTo("steps-4");
        assertThat(Files.readString(folder.resolve("README.md")))
                .contains("# geometric-steps-4-001\n")
                .contains("It was not trained from random weights: the flow")
                .contains("It followed 70 gradients of the task's loss")
                .contains("sampled as “steps-4”, a variant of the sampling: `steps = 4` (otherwise 64).\n")
                .contains("nn.Linear(64, 20)")
                .containsPattern("\\| test accuracy % \\| \\d\\d\\.\\d \\| 86\\.3 \\| 94\\.4 \\|")
                .contains("| nearest-neighbour ratio | – | – | 1.00 |", "Networks wider than the zoo's have none");
        JsonNode line = new ObjectMapper()
                .readTree(Files.readAllLines(some.resolve("index.jsonl")).get(1));
        assertThat(line.get("variant").textValue()).isEqualTo("steps-4");
        assertThat(Files.readString(folders.get(1).resolve("README.md")))
                .contains("It was not trained: the flow")
                .doesNotContain("variant", "gradients", "Networks wider");
    }

    @Test
    void theBestOfAVariantAreChosenByItsOwnScores() {
        RunRecord varied = SampleRun.record(SampleRun.varied(), "steps-4");
        SweepSpec.Metric accuracy = new SweepSpec.Metric("accuracy_mean", SweepSpec.Goal.MAXIMIZE);
        BestNetworks chosen = BestNetworks.of(varied, accuracy, 2);

        double[] own = varied.score(
                        "generated/%s/steps-4".formatted(chosen.networks().flow()))
                .orElseThrow()
                .series()
                .get("validation_accuracy");
        assertThat(chosen.indices())
                .isEqualTo(IntStream.range(0, 4)
                        .boxed()
                        .sorted(Comparator.comparing(i -> -own[i]))
                        .limit(2)
                        .toList());
        assertThat(chosen.origin(1)).contains("best by `validation_accuracy_mean` when it is sampled so");
        SweepSpec.Metric novel = new SweepSpec.Metric("novel_performant_075", SweepSpec.Goal.MAXIMIZE);
        assertThatThrownBy(() -> BestNetworks.of(varied, novel, 1)).hasMessageContaining("is no value of a flow");
    }

    private static Score score(String flow) {
        return RECORD.score("generated/" + flow).orElseThrow();
    }

    @Test
    void theFunctionIsTheSame() throws Exception {
        SafeTensors model = SafeTensors.read(folders.get(1).resolve("model.safetensors"));
        float[] x = new float[64];
        for (int i = 0; i < 64; i++) {
            x[i] = (float) Math.sin(i);
        }
        float[] theta = RECORD.generated().get(0).networks().slice(1, 2).theta();

        assertThat(sequential(model, x)).isEqualTo(logits(theta, x));
    }

    @Test
    void configAndCardSayHowToUseIt() throws Exception {
        JsonNode config = new ObjectMapper()
                .readTree(folders.get(0).resolve("config.json").toFile());
        String card = Files.readString(folders.get(0).resolve("README.md"));

        assertThat(config.get("widths").toString()).isEqualTo("[64,16,10]");
        assertThat(config.get("activation").textValue()).isEqualTo("relu");
        assertThat(config.get("classes")).hasSize(10);
        assertThat(config.at("/normalisation/std")).hasSize(64);
        assertThat(config.at("/provenance/flow").textValue()).isEqualTo("geometric");
        assertThat(card)
                .contains("# geometric-000")
                .contains("“digits \\| 8×8” with 1,210 parameters (64-16-10)")
                .contains("nn.Sequential(nn.Linear(64, 16), nn.ReLU(), nn.Linear(16, 10))")
                .contains("net.load_state_dict(load_file(\"model.safetensors\"), strict=True)")
                .containsPattern("\\| test accuracy % \\| 9\\d\\.\\d \\| 92\\.9 \\| 94\\.4 \\|");
    }

    @Test
    void sumsAndIndexAreRight() throws Exception {
        List<String> sums = Files.readAllLines(folders.get(2).resolve("SHA256SUMS"));
        List<String> index = Files.readAllLines(dir.resolve("index.jsonl"));

        assertThat(sums).hasSize(3).allSatisfy(line -> {
            byte[] bytes = Files.readAllBytes(folders.get(2).resolve(line.substring(66)));
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            assertThat(line).startsWith(HexFormat.of().formatHex(hash) + "  ");
        });
        assertThat(index).hasSize(12);
        JsonNode line = new ObjectMapper().readTree(index.get(2));
        assertThat(line.get("path").textValue()).isEqualTo("geometric-002");
        assertThat(line.get("accuracy").doubleValue())
                .isEqualTo(RECORD.score("generated/geometric")
                        .orElseThrow()
                        .series()
                        .get("accuracy")[2]);
    }

    @Test
    void aDirectoryThatCannotBeWrittenIsAnInfrastructureError() throws Exception {
        Path file = Files.writeString(dir.resolve("no-directory"), "x");

        assertThatThrownBy(() -> NetworkExport.write(RECORD, DIGITS, file))
                .isInstanceOfSatisfying(
                        UserError.class, e -> assertThat(e.exitCode()).isEqualTo(3));
    }

    /** y = W x + b and ReLU, as {@code nn.Linear} defines them on the named tensors. */
    private static float[] sequential(SafeTensors model, float[] x) {
        float[] hidden =
                linear(model.tensor("0.weight").floats(), model.tensor("0.bias").floats(), x);
        for (int k = 0; k < hidden.length; k++) {
            hidden[k] = Math.max(0, hidden[k]);
        }
        return linear(model.tensor("2.weight").floats(), model.tensor("2.bias").floats(), hidden);
    }

    private static float[] linear(float[] weight, float[] bias, float[] x) {
        float[] out = bias.clone();
        for (int k = 0; k < out.length; k++) {
            for (int j = 0; j < x.length; j++) {
                out[k] += weight[k * x.length + j] * x[j];
            }
        }
        return out;
    }

    /** The same from the flat vector and its layout. */
    private static float[] logits(float[] theta, float[] x) {
        float[] h = x;
        for (LayerLayout.Layer layer : LayerLayout.of(SampleRun.DIGITS).layers()) {
            float[] out = new float[layer.fanOut()];
            for (int k = 0; k < out.length; k++) {
                out[k] = theta[layer.biasOffset() + k];
                for (int j = 0; j < h.length; j++) {
                    out[k] += theta[layer.weightOffset() + k * layer.fanIn() + j] * h[j];
                }
                out[k] = layer.index() == 1 ? Math.max(0, out[k]) : out[k];
            }
            h = out;
        }
        return h;
    }
}
