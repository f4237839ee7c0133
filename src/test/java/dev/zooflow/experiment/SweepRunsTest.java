package dev.zooflow.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sweeps over keys in which the trials of one run can't differ. */
class SweepRunsTest {

    @TempDir
    private Path dir;

    private List<Variant> load(String text, List<String> overrides, String... each) throws IOException {
        return ExperimentFile.loadAll(Files.writeString(dir.resolve("x.conf"), text), overrides, List.of(each));
    }

    @Test
    void eachBaseNetworkIsARunAndItsFlowsAreTrials() throws IOException {
        List<Variant> runs = load("""
                sweep.parameters {
                  network.hidden { values = [[8], [16, 16]] }
                  zoo.epochs { values = [30, 40] }
                  flow.geometry { values = [euclidean, geometric] }
                }
                """, List.of());
        assertThat(runs)
                .extracting(Variant::label)
                .containsExactly(
                        "network.hidden=[8] zoo.epochs=30",
                        "network.hidden=[8] zoo.epochs=40",
                        "network.hidden=[16,16] zoo.epochs=30",
                        "network.hidden=[16,16] zoo.epochs=40");
        ExperimentSpec last = runs.get(3).spec();
        assertThat(last.network().hidden()).containsExactly(16, 16);
        assertThat(last.zoo().epochs()).isEqualTo(40);
        assertThat(runs)
                .allSatisfy(run -> assertThat(run.spec().flows())
                        .extracting(FlowSpec::name)
                        .containsExactly("euclidean", "geometric"));
        assertThat(ExperimentFile.parse(ExperimentFile.render(last))).isEqualTo(last);
    }

    @Test
    void keysThatAreSetTogetherMakeARunBesideOnesThatMakeTrials() throws IOException {
        List<Variant> runs = load("""
                sweep.parameters.zoo {
                  values = [{ epochs = 30, burn-in-epochs = 3 }, { epochs = 40, burn-in-epochs = 4 }]
                  training-trajectories.values = [10, 20]
                }
                """, List.of());
        assertThat(runs)
                .extracting(
                        run -> run.spec().zoo().epochs(),
                        run -> run.spec().zoo().burnInEpochs())
                .containsExactly(tuple(30, 3), tuple(40, 4));
        assertThat(runs)
                .allSatisfy(run -> assertThat(run.spec().flows())
                        .extracting(FlowSpec::zooTrajectories)
                        .containsExactly(10, 20));
    }

    @Test
    void withoutTrialsEachRunHasTheFlowsOfTheFileAndTheMetricRanksThem() throws IOException {
        List<Variant> runs = load("""
                flows = [{ name = one }, { name = two, geometry = euclidean }]
                sweep { metric.name = accuracy_mean, parameters.seed.values = [1, 2, 3] }
                """, List.of());
        assertThat(runs).extracting(run -> run.spec().seed()).containsExactly(1L, 2L, 3L);
        assertThat(runs).allSatisfy(run -> {
            assertThat(run.spec().flows()).extracting(FlowSpec::name).containsExactly("one", "two");
            assertThat(run.spec().sweep().orElseThrow().metric().name()).isEqualTo("accuracy_mean");
        });
    }

    @Test
    void listsOfTheCommandLineAndOverridesGoTogetherWithThoseOfTheFile() throws IOException {
        List<Variant> runs = load(
                "sweep.parameters.seed.values = [1, 2]",
                List.of("sweep.parameters.seed.values=[7, 8]", "zoo.epochs=33"),
                "network.hidden=[[4], [5]]");
        assertThat(runs)
                .extracting(Variant::label)
                .containsExactly(
                        "network.hidden=[4] seed=7",
                        "network.hidden=[4] seed=8",
                        "network.hidden=[5] seed=7",
                        "network.hidden=[5] seed=8");
        assertThat(runs).allSatisfy(run -> assertThat(run.spec().zoo().epochs()).isEqualTo(33));
    }

    @ParameterizedTest
    @ValueSource(strings = {"random", "quasi-random"})
    void keysOfRunsAndOfTrialsAreDrawnTogether(String method) throws IOException {
        String text = """
                seed = 3
                sweep {
                  method = %s, run-cap = 30, metric.name = accuracy_mean
                  parameters {
                    network.hidden.values = [[8], [16, 16]]
                    zoo.training-trajectories { min = 10, max = 40 }
                    flow.sigma { min = 0.0, max = 0.5 }
                  }
                }
                """.formatted(method);
        List<Variant> runs = load(text, List.of());
        assertThat(runs)
                .extracting(Variant::label)
                .containsExactlyInAnyOrder("network.hidden=[8]", "network.hidden=[16,16]");
        assertThat(runs).allSatisfy(run -> {
            ExperimentSpec spec = run.spec();
            assertThat(spec.zoo().trainingTrajectories()).isEqualTo(40);
            assertThat(spec.flows()).hasSizeBetween(8, 22).allSatisfy(flow -> {
                assertThat(flow.sigma()).isBetween(0.0, 0.5);
                assertThat(flow.zooTrajectories()).isBetween(10, 40);
            });
            assertThat(ExperimentFile.parse(ExperimentFile.render(spec))).isEqualTo(spec);
        });
        List<Double> sigmas = runs.stream()
                .flatMap(run -> run.spec().flows().stream().map(FlowSpec::sigma))
                .toList();
        assertThat(sigmas).hasSize(30).doesNotHaveDuplicates();
        assertThat(load(text, List.of())).isEqualTo(runs);
        assertThat(load(text, List.of("seed=4"))).isNotEqualTo(runs);
    }

    @Test
    void aRangeOfARunMakesARunOfEachDrawAndTheFlowsOfTheFileCountAsTrials() throws IOException {
        List<Variant> runs = load("""
                flows = [{ name = one }, { name = two, geometry = euclidean }]
                sweep { method = random, run-cap = 9, parameters.zoo.weight-decay { min = 1e-5, max = 1e-2, distribution = log-uniform } }
                """, List.of());
        assertThat(runs).hasSize(4);
        assertThat(runs)
                .extracting(run -> run.spec().zoo().weightDecay())
                .doesNotHaveDuplicates()
                .allSatisfy(decay -> assertThat(decay).isBetween(1e-5, 1e-2));
        assertThat(runs)
                .allSatisfy(run -> assertThat(run.spec().flows())
                        .extracting(FlowSpec::name)
                        .containsExactly("one", "two"));
    }

    @Test
    void aFileThatMakesOneExperimentHasNoValues() throws IOException {
        String sweep = "sweep.parameters.flow.sigma.values = [0, 0.1]";
        assertThat(load(sweep, List.of())).containsExactly(new Variant(ExperimentFile.parse(sweep), List.of()));
    }

    private static final String MEDIAN =
            "sweep { early-terminate.type = median, parameters.flow.sigma.values = [0, 0.1] }\n";
    private static final String ASHA = MEDIAN.replace("median", "asha");

    private static String inSteps(String more) {
        return "flow.training { steps = 100, time = 0, checkpoint-every = 0, %s }\n".formatted(more);
    }

    static List<Arguments> idle() {
        String asha = "sweep.early-terminate.asha ";
        return List.of(
                Arguments.of(
                        MEDIAN + "flow.training.time = 30 s",
                        "sweep.early-terminate.median.grace-period (60) is never reached: the last checkpoint that is judged"
                                + " comes before its training ends, after 30 seconds. Maybe 7.5?"),
                Arguments.of(MEDIAN, "after 60 seconds. Maybe 15?"),
                Arguments.of(
                        ASHA + inSteps("save-every = 0"),
                        "sweep.early-terminate.type (asha) judges checkpoints before the final one, and no training has any."
                                + " Maybe flow.training.checkpoint-steps = 10?"),
                Arguments.of(
                        ASHA + "flow.training.checkpoint-every = 0", "Maybe flow.training.checkpoint-every = 6 s?"),
                Arguments.of(ASHA + "flow.training.checkpoint-every = 60 s", "no training has any"),
                Arguments.of(ASHA + inSteps("checkpoint-steps = 100"), "no training has any"),
                Arguments.of(
                        ASHA + inSteps("checkpoint-steps = 30") + asha + "{ time-attr = step, grace-period = 91 }",
                        "asha.grace-period (91) is never reached: the last checkpoint that is judged comes at step 90. Maybe 22?"),
                Arguments.of(
                        ASHA + inSteps("checkpoint-steps = 30") + asha + "{ grace-period = 4 }",
                        "comes as number 3. Maybe 1?"),
                Arguments.of(
                        ASHA + "flow.training.time = 25 s\n" + asha + "{ grace-period = 3 }",
                        "comes as number 2. Maybe 1?"));
    }

    @ParameterizedTest
    @MethodSource("idle")
    void whatCanStopNothingIsRefused(String text, String problem) {
        assertThatThrownBy(() -> load(text, List.of()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining(problem);
        // What was begun so by an earlier version goes on.
        assertThat(ExperimentFile.parse(text).flows()).hasSize(2);
    }

    static List<String> busy() {
        String asha = "sweep.early-terminate.asha ";
        return List.of(
                MEDIAN + "flow.training.time = 61 s",
                MEDIAN + inSteps("checkpoint-steps = 50"),
                ASHA + "flow.training { time = 11 s }",
                ASHA + inSteps("checkpoint-steps = 30") + asha + "{ time-attr = step, grace-period = 90 }",
                ASHA + inSteps("checkpoint-steps = 30") + asha + "{ grace-period = 3 }",
                ASHA + "flow.training { steps = 100, time = 0 }\n" + asha + "{ grace-period = 90 }",
                // Some trials train for longer than others.
                MEDIAN + "flow.training.time = 30 s, sweep.parameters.flow.training.time.values = [30 s, 90 s]",
                MEDIAN + "flow.training.time = 30 s, sweep { method = tpe, run-cap = 11,"
                        + " parameters.flow.training.time.values = [30 s, 30 s] }",
                MEDIAN + "flow.training.time = 30 s, sweep.early-terminate.type = none");
    }

    @ParameterizedTest
    @MethodSource("busy")
    void whatMayStopSomethingIsTaken(String text) throws IOException {
        assertThat(load(text, List.of())).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sweep.parameters.network.hiden.values = [[8]] | network.hiden ([8]) is not a known key",
                "sweep.parameters.zoo.epochs { min = 30, max = 40 } | is a range, which has no grid",
                "sweep { method = tpe, parameters.seed.values = [1] } | tpe learns within one run. Maybe method = quasi-random",
                "sweep { method = random, parameters.zoo.epochs { min = 3, max = 2 } } | is no range",
                "sweep { method = random, parameters { seed.values = [1], flow.sigma.values = [0] } }, flows = [{ name = a }] | stands beside a sweep",
                "sweep { run-cap = 3, parameters { seed.values = [1, 2], flow.sigma.values = [0, 0.1] } } | sweep.run-cap (3) is less than",
                "sweep { run-cap = 3, parameters.seed.values = [1, 2, 3, 4] } | sweep.run-cap (3) is less than",
                "sweep.parameters.budget.values = [full] | is decided before a sweep is made",
                "sweep.parameters.sweep.run-cap.values = [1] | is decided before a sweep is made",
            })
    void whatCantBeDoneIsRefused(String text, String problem) {
        assertThatThrownBy(() -> load(text, List.of()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining(problem)
                .hasMessageContaining("Maybe");
    }
}
