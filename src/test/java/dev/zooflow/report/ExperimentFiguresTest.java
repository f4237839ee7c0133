package dev.zooflow.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.FlowSpec;
import dev.zooflow.experiment.FlowSpec.Alignment;
import dev.zooflow.experiment.ZooSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each experiment of the thesis measures what its figure is drawn from; {@link ReportPageTest} draws the figures. */
class ExperimentFiguresTest {

    private static ExperimentSpec experiment(String name, String... overrides) {
        return ExperimentFile.load(Path.of("experiments", name + ".conf"), List.of(overrides));
    }

    private static Map<String, Set<Double>> curves(ExperimentSpec spec, String key) {
        return OneChange.of(spec).stream()
                .filter(change -> change.key().equals(key))
                .flatMap(change -> change.curves().entrySet().stream())
                .collect(Collectors.toMap(
                        Map.Entry::getKey, curve -> curve.getValue().keySet()));
    }

    @Test
    void histogramsOfTheGaussianFlow() {
        ExperimentSpec spec = experiment("gaussian");
        assertThat(spec.zoo().kind()).isEqualTo(ZooSpec.Kind.GAUSSIAN);
        assertThat(spec.flows()).extracting(FlowSpec::alignment).containsOnly(Alignment.NONE);
    }

    @Test
    void barriersBeforeAndAfterAlignment() {
        ExperimentSpec spec = experiment("breast-cancer-table");
        assertThat(spec.evaluation().barrierNetworks()).isGreaterThan(10);
        assertThat(spec.flows()).extracting(FlowSpec::alignment).contains(Alignment.NONE);
        assertThat(spec.flows()).anySatisfy(f -> assertThat(f.alignment()).isNotEqualTo(Alignment.NONE));
    }

    @ParameterizedTest
    @CsvSource({"cpu", "full"})
    void accuracyAndLossAgainstIntegrationSteps(String budget) {
        ExperimentSpec spec = budget.equals("full") ? experiment("mnist", "budget=full") : experiment("mnist");
        Map<String, Set<Double>> curves = curves(spec, "sampling.steps");
        assertThat(curves.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        spec.flows().stream().map(FlowSpec::name).toList());
        assertThat(curves.values())
                .allSatisfy(steps -> assertThat(steps).contains(4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0));
    }

    @Test
    void averagesOfUpTo64Networks() {
        ExperimentSpec spec = experiment("mnist");
        assertThat(spec.evaluation().networks()).isGreaterThanOrEqualTo(64);
        assertThat(spec.sampling().networks()).isGreaterThanOrEqualTo(64);
    }

    @Test
    void learningCurvesFromSampledAndRandomWeights() {
        assertThat(experiment("mnist-transfer").transfer()).hasValueSatisfying(transfer -> {
            assertThat(transfer.initialisation().epochs()).isPositive();
            assertThat(transfer.initialisation().runs()).isGreaterThan(1);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mnist-scaling    | flow.backbone.width    | 8, 16, 32, 64, 128",
                "mnist-zoo-size   | flow.zoo-trajectories  | 10, 30, 100, 300",
                "mnist-truncation | flow.sampling.truncation | 0.7, 0.8, 0.9, 1.0",
            })
    void oneCurveOverANumber(String name, String key, String numbers) {
        Set<Double> points =
                Set.of(numbers.split(", ")).stream().map(Double::parseDouble).collect(Collectors.toSet());
        for (String budget : List.of("budget=default", "budget=full")) {
            ExperimentSpec spec = budget.endsWith("full") ? experiment(name, budget) : experiment(name);
            assertThat(curves(spec, key).values()).as(budget).containsExactly(points);
        }
    }
}
