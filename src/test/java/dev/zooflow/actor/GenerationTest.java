package dev.zooflow.actor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zooflow.data.Dataset;
import dev.zooflow.data.Datasets;
import dev.zooflow.data.Split;
import dev.zooflow.eval.TaskEvaluator;
import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.FlowSpec;
import dev.zooflow.experiment.SamplingSpec;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.model.FlowTrainer;
import dev.zooflow.model.WeightFlow;
import dev.zooflow.model.WeightFlow.Sampled;
import dev.zooflow.tensor.Seed;
import dev.zooflow.zoo.Zoo;
import dev.zooflow.zoo.ZooTrainer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks from barely trained flows over a small zoo: gradients have something to improve. */
final class GenerationTest {

    private static final ExperimentSpec SPEC = ExperimentFile.parse("""
            task { kind = two-moons, examples = 300, noise = 0.1 }
            network.hidden = [8]
            zoo { training-trajectories = 12, held-out-trajectories = 2, epochs = 20, snapshots = 2
                  learning-rate = 0.02, initial-std = 0.5 }
            flow { backbone { width = 12, layers = 2 }, training { batch-size = 16, learning-rate = 5e-3, warm-up = 5 } }
            flows = [{ name = euclidean, geometry = euclidean }, { name = normalized, geometry = normalized }
                     { name = geometric }]
            """);

    private static final Map<String, WeightFlow> FLOWS = new HashMap<>();
    private static Dataset data;

    @BeforeAll
    static void train() {
        data = Datasets.load(SPEC.task(), SPEC.seed(), Path.of("."));
        var architecture = SPEC.network().architecture(2, 2);
        Zoo zoo = new Zoo(
                architecture,
                new ZooTrainer(SPEC.zoo(), architecture, data, new Seed(3))
                        .train(0, 14, (step, fraction, values) -> {}, () -> false));
        for (FlowSpec flow : SPEC.flows()) {
            try (FlowTrainer trainer = new FlowTrainer(flow, SPEC.zoo().initialStd(), zoo.training(), new Seed(4))) {
                for (int i = 0; i < 40; i++) {
                    trainer.step(i / 40.0);
                }
                FLOWS.put(flow.name(), trainer.snapshot());
            }
        }
    }

    private static SamplingSpec sampling(String keys) {
        return ExperimentFile.parse("sampling { steps = 12, %s }".formatted(keys))
                .sampling();
    }

    private static Sampled generate(String flow, String keys, Split training) {
        return Generation.generate(FLOWS.get(flow), 12, sampling(keys), () -> training, new Seed(5));
    }

    private static double loss(WeightBatch networks, Split split) {
        return new TaskEvaluator(SPEC.evaluation(), split, new Seed(1))
                .score("any", networks, 0)
                .values()
                .get("loss_mean");
    }

    @ParameterizedTest
    @ValueSource(strings = {"euclidean", "normalized", "geometric"})
    void guidanceAndRefinementLowerTheTrainingLossAtTheSameSeed(String flow) {
        double plain = loss(generate(flow, "noise = 0", data.train()).networks(), data.train());
        for (String guidance : new String[] {
            "guidance { strength = 0.05, at = x1, normalise = velocity }",
            "guidance { strength = 0.05, at = x1, normalise = block }",
            "guidance { strength = 0.1, at = x1, schedule = linear }",
            "guidance { strength = 0.05, at = xt, from = 0.5 }",
            "refine { steps = 20, learning-rate = 0.02 }"
        }) {
            assertThat(loss(generate(flow, guidance, data.train()).networks(), data.train()))
                    .as(guidance)
                    .isLessThan(plain);
        }
    }

    @Test
    void everyGradientCounts() {
        assertThat(generate("geometric", "noise = 0", data.train()).gradientSteps())
                .isZero();
        assertThat(generate("geometric", "guidance { strength = 1 }", data.train())
                        .gradientSteps())
                .isEqualTo(11);
        assertThat(generate("geometric", "guidance { strength = 1, from = 0.5 }, refine.steps = 7", data.train())
                        .gradientSteps())
                .isEqualTo(13);
    }

    @Test
    void networksInSeveralChunksCostAsManyGradientsEach() {
        int chunks = 3 * (1 << 16) / FLOWS.get("geometric").architecture().parameters();
        SamplingSpec twoSteps = ExperimentFile.parse("sampling { steps = 3, guidance.strength = 1 }")
                .sampling();
        assertThat(Generation.generate(FLOWS.get("euclidean"), chunks, twoSteps, data::train, new Seed(6))
                        .gradientSteps())
                .isEqualTo(2);
    }

    @Test
    void nothingIsAskedOfTheDataWithoutGuidanceAndRefinement() {
        Sampled sampled = Generation.generate(
                FLOWS.get("geometric"),
                3,
                sampling("noise = 0"),
                () -> {
                    throw new AssertionError("no data needed");
                },
                new Seed(5));
        assertThat(sampled.networks().size()).isEqualTo(3);
    }

    @Test
    void theSameSeedGivesTheSameGuidedNetworks() {
        String keys = "guidance.strength = 0.5, refine.steps = 3";
        assertThat(generate("geometric", keys, data.train()).networks().theta())
                .isEqualTo(generate("geometric", keys, data.train()).networks().theta());
    }
}
