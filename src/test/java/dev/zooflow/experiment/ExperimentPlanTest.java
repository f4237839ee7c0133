package dev.zooflow.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExperimentPlanTest {

    @Test
    void saysWhatWillBeDone() {
        ExperimentSpec spec = ExperimentFile.parse("""
                name = plan
                seed = 7
                task.kind = wdbc
                network.hidden = [16, 16]
                zoo { training-trajectories = 100, held-out-trajectories = 21, epochs = 50, snapshots = 40 }
                flows = [
                  { name = geo, training.time = 150 s }
                  { name = flat, backbone { kind = flat, width = 512, layers = 3 } }
                  { name = straight, geometry = euclidean, coupling = optimal-transport, training { steps = 2000, time = 0 } }
                ]
                """);

        assertThat(ExperimentPlan.describe(spec))
                .contains("experiment     plan, seed 7\n")
                .contains("task           wdbc: 569 examples of 30 features, 2 classes; 10 % validation, 10 % test\n")
                .contains("networks       30-16-16-2 relu, 802 parameters\n")
                .contains(
                        "100 training and 21 held-out trajectories, 50 epochs of adam, 40 snapshots each after epoch 10:"
                                + " 4,840 networks in 4 tasks\n")
                .contains(
                        "flow geo       geometric, x1-prediction, independent coupling; relational-transformer d_E 32,"
                                + " 4 layers; at most 2 min 30 s, batches of 32\n")
                .contains("flow flat      geometric, x1-prediction, independent coupling; flat width 512, 3 layers;")
                .contains("flow straight  euclidean, x1-prediction, optimal-transport coupling;")
                .contains("at most 2,000 steps, batches of 32\n")
                .containsPattern("time +about \\d+ min( \\d+ s)? on two cores: zoo \\d+ s, training ");
    }

    @Test
    void namesWhatOnlyTheDataSay() {
        ExperimentSpec spec = ExperimentFile.parse("task { kind = csv, file = cells.csv }, network.hidden = [8, 4]");

        assertThat(ExperimentPlan.describe(spec))
                .contains("csv cells.csv; ")
                .contains("inputs-8-4-classes relu; the data say the parameters")
                .doesNotContain("on two cores");
    }

    @Test
    void saysWhatFollowsGradientsAndWhatIsTransferred() {
        ExperimentSpec spec = ExperimentFile.parse("""
                task.kind = mnist
                zoo.trajectories-per-task = 80
                samplings = [{ name = both, guidance.strength = 0.5, refine.steps = 20 }]
                transfer { task.kind = fashion-mnist, networks = 16, epochs = 20 }
                """);

        assertThat(ExperimentPlan.describe(spec))
                .contains("800 networks in 1 task\n")
                .contains("euler, 64 steps, guidance 0.5, refined by 20 gradient steps\n")
                .contains("to fashion-mnist: 16 networks of each flow, guidance 1.0, as many trained for 20 epochs;"
                        + " learning curves of 5 runs over 5 epochs\n");
    }

    @ParameterizedTest
    @CsvSource({
        "300, 1 s",
        "119000, 119 s",
        "120000, 2 min",
        "150400, 2 min 30 s",
        "7200000, 2 h",
        "9000000, 2 h 30 min"
    })
    void writesDurationsInTwoUnits(long millis, String text) {
        assertThat(ExperimentPlan.duration(Duration.ofMillis(millis))).isEqualTo(text);
    }
}
