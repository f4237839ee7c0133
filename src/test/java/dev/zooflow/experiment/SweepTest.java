package dev.zooflow.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SweepTest {

    private static final String GRID = """
            flow.training.steps = 7
            sweep.parameters.flow {
              geometry { values = [euclidean, geometric] }
              backbone.width { values = [8, 16, 32] }
            }
            """;

    private static final String RANGES = """
            seed = 5
            flow.backbone.kind = neuron-transformer
            sweep {
              method = %s, run-cap = 64
              parameters.flow {
                training.learning-rate { min = 1e-4, max = 1e-2, distribution = log-uniform }
                backbone.layers { min = 1, max = 4 }
                backbone.dropout { min = 0.0, max = 0.5 }
                geometry { values = [euclidean, geometric] }
              }
            }
            """;

    private static List<FlowSpec> flows(String method) {
        return ExperimentFile.parse(RANGES.formatted(method)).flows();
    }

    @Test
    void aGridHasEveryCombinationNamedAfterItsValues() {
        ExperimentSpec spec = ExperimentFile.parse(GRID);
        assertThat(spec.flows())
                .extracting(FlowSpec::name)
                .containsExactly(
                        "width-8-euclidean",
                        "width-8-geometric",
                        "width-16-euclidean",
                        "width-16-geometric",
                        "width-32-euclidean",
                        "width-32-geometric");
        FlowSpec flow = spec.flow("width-16-geometric");
        assertThat(flow.geometry()).isEqualTo(FlowSpec.Geometry.GEOMETRIC);
        assertThat(flow.backbone().width()).isEqualTo(16);
        assertThat(spec.flows())
                .allSatisfy(f -> assertThat(f.training().steps()).isEqualTo(7));
        assertThat(spec.sweep())
                .hasValueSatisfying(s -> assertThat(s.metric().name()).isEqualTo("novel_performant_075"));
    }

    @Test
    void trialsThatAreJudgedByThoseBeforeThemComeInAnOrderOfTheSeed() {
        String asha = GRID + "\nsweep.early-terminate.type = asha";
        List<FlowSpec> drawn = ExperimentFile.parse(asha).flows();
        List<FlowSpec> written = ExperimentFile.parse(GRID).flows();
        assertThat(drawn).containsExactlyInAnyOrderElementsOf(written).isNotEqualTo(written);
        assertThat(ExperimentFile.parse(asha).flows()).isEqualTo(drawn);
    }

    @Test
    void aResolvedSweepIsReadAsItIs() {
        ExperimentSpec spec = ExperimentFile.parse(GRID);
        assertThat(ExperimentFile.parse(ExperimentFile.render(spec))).isEqualTo(spec);
        assertThat(ExperimentFile.parse("name = x").sweep()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "accuracy_mean, MAXIMIZE",
        "accuracy_std, MINIMIZE",
        "loss_mean, MINIMIZE",
        "loss_std, MINIMIZE",
        "nn_ratio_mean, MAXIMIZE",
        "z_u, MAXIMIZE",
        "copy_rate, MINIMIZE",
        "error_similarity_mean, MINIMIZE",
        "novel_performant_100, MAXIMIZE",
        "dispersion, MAXIMIZE",
        "diversity, MAXIMIZE",
        "disagreement, MAXIMIZE",
        "bma_accuracy_16, MAXIMIZE",
        "bma_nll_4, MINIMIZE",
        "bma_ece_1, MINIMIZE"
    })
    void theGoalFollowsFromTheNameOfTheMetric(String name, SweepSpec.Goal goal) {
        ExperimentSpec spec = ExperimentFile.parse("sweep.metric.name = " + name);
        assertThat(spec.sweep().orElseThrow().metric()).isEqualTo(new SweepSpec.Metric(name, goal));
        assertThat(SweepSpec.Metric.of("validation_" + name, null).goal()).isEqualTo(goal);
        assertThat(ExperimentFile.render(spec))
                .contains("goal=" + Settings.kebab(goal))
                .doesNotContain("auto");
        for (SweepSpec.Goal written : SweepSpec.Goal.values()) {
            String text = "sweep.metric { name = %s, goal = %s }".formatted(name, Settings.kebab(written));
            assertThat(ExperimentFile.parse(text).sweep().orElseThrow().metric().goal())
                    .isEqualTo(written);
        }
    }

    @Test
    void overridesReachParametersAndWhatTrialsShare() {
        ExperimentSpec spec = ExperimentFile.parse(
                GRID, List.of("sweep.parameters.flow.backbone.width.values=[64]", "flow.training.steps=9"));
        assertThat(spec.flows())
                .hasSize(2)
                .allSatisfy(f -> assertThat(f.training().steps()).isEqualTo(9))
                .allSatisfy(f -> assertThat(f.backbone().width()).isEqualTo(64));
    }

    @ParameterizedTest
    @ValueSource(strings = {"random", "quasi-random"})
    void rangesAreFilledAndTheSeedDecides(String method) {
        List<FlowSpec> flows = flows(method);
        assertThat(flows).hasSize(64).isEqualTo(flows(method));
        assertThat(flows).extracting(FlowSpec::name).doesNotHaveDuplicates();
        double[] rates =
                flows.stream().mapToDouble(f -> f.training().learningRate()).toArray();
        assertThat(Arrays.stream(rates)).allMatch(r -> r >= 1e-4 && r <= 1e-2);
        // A log-uniform half of them lies below the geometric mean.
        assertThat((double) IntStream.range(0, 64).filter(i -> rates[i] < 1e-3).count() / 64)
                .isCloseTo(0.5, within(0.2));
        assertThat(flows).extracting(f -> f.backbone().layers()).contains(1, 2, 3, 4);
        assertThat(flows)
                .extracting(FlowSpec::geometry)
                .contains(FlowSpec.Geometry.EUCLIDEAN, FlowSpec.Geometry.GEOMETRIC);
        assertThat(flows)
                .isNotEqualTo(ExperimentFile.parse(RANGES.formatted(method).replace("seed = 5", "seed = 6"))
                        .flows());
    }

    @Test
    void tpeBeginsWithTenAtRandomAndEachProposalAddsOne() {
        ExperimentSpec spec = ExperimentFile.parse(RANGES.formatted("tpe") + "\nflow.training.steps = 7");
        assertThat(spec.flows())
                .hasSize(10)
                .first()
                .satisfies(f -> assertThat(f.name()).isEqualTo("trial-001"));
        assertThat(ExperimentFile.parse(ExperimentFile.render(spec))).isEqualTo(spec);
        SweepSpace space = SweepSpace.of(spec.sweep().orElseThrow());
        List<double[]> startUp = space.startUp(5, 0, 64);
        for (int i = 0; i < 10; i++) {
            assertThat(SweepSpace.append(spec, space.flow(i + 1, startUp.get(i)))
                            .flows()
                            .get(10))
                    .isEqualTo(spec.flows().get(i));
        }
        ExperimentSpec more = SweepSpace.append(spec, space.flow(11, new double[] {0.5, 0.99, 0.2, 0.6}));
        FlowSpec last = more.flow("trial-011");
        assertThat(more.flows()).hasSize(11);
        // By the names of the keys: dropout, layers, geometry, learning-rate.
        assertThat(last.backbone().dropout()).isCloseTo(0.25, within(1e-9));
        assertThat(last.backbone().layers()).isEqualTo(4);
        assertThat(last.geometry()).isEqualTo(FlowSpec.Geometry.EUCLIDEAN);
        assertThat(last.training().learningRate()).isCloseTo(1e-4 * Math.pow(100, 0.6), within(1e-6));
        assertThat(last.training().steps()).isEqualTo(7);
        assertThat(last.backbone().kind()).isEqualTo(BackboneSpec.Kind.NEURON_TRANSFORMER);
    }

    @Test
    void samplingAndTheSizeOfTheZooAreSweptToo() {
        ExperimentSpec spec = ExperimentFile.parse("""
                sampling { solver = heun, checkpoint-networks = 7 }
                sweep.parameters {
                  sampling { steps.values = [4, 8], guidance.strength.values = [0.0, 0.5] }
                  zoo.training-trajectories.values = [10, 30]
                }
                """);
        assertThat(spec.flows()).hasSize(8);
        assertThat(spec.zoo().trainingTrajectories()).isEqualTo(30);
        FlowSpec last = spec.flows().get(7);
        assertThat(last.zooTrajectories()).isEqualTo(30);
        SamplingSpec own = spec.sampling(last);
        assertThat(own.steps()).isEqualTo(8);
        assertThat(own.guidance().strength()).isEqualTo(0.5);
        assertThat(own.solver()).isEqualTo(SamplingSpec.Solver.HEUN);
        assertThat(own.checkpointNetworks()).isEqualTo(7);
        assertThat(spec.sampling().steps()).isEqualTo(64);
        assertThat(ExperimentFile.parse(ExperimentFile.render(spec))).isEqualTo(spec);
        // Only what the training depends on makes a training another one.
        assertThat(TrainingIdentity.of(spec, spec.flows().get(0)).sha256())
                .isEqualTo(TrainingIdentity.of(spec, spec.flows().get(0).with(Optional.of(own), Optional.empty()))
                        .sha256());
    }

    @Test
    void keysOfABlockAreSetTogether() {
        ExperimentSpec spec = ExperimentFile.parse("""
                flow.backbone.kind = neuron-transformer
                sweep.parameters.flow {
                  geometry.values = [euclidean, geometric]
                  backbone.values = [{ width = 8, layers = 2 }, { width = 16, layers = 1 }]
                  values = [{ alignment = none, sigma = 0.1 }, { coupling = optimal-transport }]
                }
                """);
        assertThat(spec.flows())
                .extracting(FlowSpec::name)
                .hasSize(8)
                .startsWith(
                        "layers-2-width-8-euclidean-none-sigma-0.1", "layers-2-width-8-euclidean-optimal-transport");
        FlowSpec flow = spec.flow("layers-1-width-16-geometric-none-sigma-0.1");
        assertThat(flow.geometry()).isEqualTo(FlowSpec.Geometry.GEOMETRIC);
        assertThat(flow.alignment()).isEqualTo(FlowSpec.Alignment.NONE);
        assertThat(flow.sigma()).isEqualTo(0.1);
        assertThat(flow.coupling()).isEqualTo(FlowSpec.CouplingKind.INDEPENDENT);
        assertThat(flow.backbone().width()).isEqualTo(16);
        assertThat(flow.backbone().layers()).isEqualTo(1);
        assertThat(flow.backbone().kind()).isEqualTo(BackboneSpec.Kind.NEURON_TRANSFORMER);
        assertThat(spec.flow("layers-2-width-8-geometric-optimal-transport").coupling())
                .isEqualTo(FlowSpec.CouplingKind.OPTIMAL_TRANSPORT);
    }

    @Test
    void aFlowMayHaveASamplingOfItsOwn() {
        ExperimentSpec spec = ExperimentFile.parse(
                "sampling.steps = 20, flows = [{ name = a, sampling.truncation = 0.8 }, { name = b }]",
                List.of("flows.b.sampling.networks=9"));
        assertThat(spec.sampling(spec.flow("a")).truncation()).isEqualTo(0.8);
        assertThat(spec.sampling(spec.flow("a")).steps()).isEqualTo(20);
        assertThat(spec.sampling(spec.flow("b")).networks()).isEqualTo(9);
        assertThat(ExperimentFile.parse("flows = [{ name = a }]").flow("a").sampling())
                .isEmpty();
        assertThat(ExperimentFile.parse(ExperimentFile.render(spec))).isEqualTo(spec);
    }

    @Test
    void quasiRandomTrialsFillEachHalfOfAnAxisAlike() {
        long low = flows("quasi-random").stream()
                .filter(f -> f.backbone().dropout() < 0.25)
                .count();
        assertThat(low).isBetween(29L, 35L);
    }

    @ParameterizedTest
    @CsvSource({"1,2,0.5", "2,2,0.25", "3,2,0.75", "6,2,0.375", "1,3,0.33333333", "5,3,0.77777778"})
    void radicalInverseMirrorsDigits(int n, int base, double expected) {
        assertThat(SweepChoices.radicalInverse(n, base)).isCloseTo(expected, within(1e-8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "flows = [{ name = a }], sweep.parameters.flow.sigma.values = [0] | stands beside a sweep",
                "sweep.parameters.zoo.epochs.values = [1, 2] | makes a run of each value, where one experiment is wanted",
                "sweep.parameters.sampling.setps.values = [1, 2] | sampling.setps (1) is not a known key",
                "sweep.parameters.zoo.training-trajectories.values = [0, 2] | is outside [1, 1000000]",
                "sweep.parameters.flow.sigma.values = [] | lists no values",
                "sweep.parameters.flow.values = [geometric] | needs values like { alignment = none }",
                "sweep.parameters.flow.values = [{ name = a }, { sigma = 0 }] | needs values like { alignment = none }",
                "sweep { method = random, parameters.flow { min = 1, max = 2 } } | needs values like { alignment = none }",
                "sweep.parameters.flow { values = [{ sigma = 0 }], sigma.values = [0] } | sets flow.sigma for the second time",
                "sweep.parameters.flow.values = [{ geometri = euclidean }] | geometri (euclidean) is not a known key",
                "sweep.parameters.flow { values = [{ sigma = 0 }], distributoin = uniform } | not a block of keys",
                "sweep.parameters.flow.sigma { min = 1 } | has keys [min]",
                "sweep.parameters.flow.sigma { min = 1, max = 2 } | is a range, which has no grid",
                "sweep { method = random, parameters.flow.sigma { min = 2, max = 1 } } | is no range",
                "sweep { method = random, parameters.flow.backbone.layers { min = 1.2, max = 1.8, distribution = int-uniform } } | is no range",
                "sweep { method = random, parameters.flow.sigma { min = a, max = 1 } } | that is no number",
                "sweep { method = random, parameters.flow.backbone.layers { min = 1, max = 4, distribution = int-uniform, q = 0.5 } } | q (0.5)",
                "sweep { method = random, parameters.flow.sigma { min = 0, max = 1, distribution = x } } | unknown distribution (x), not one of uniform, log-uniform",
                "sweep.parameters.flow.sigma = 1 | not a block of keys",
                "sweep.parameters.flow.backbone.witdh.values = [8] | backbone.witdh (8) is not a known key",
                "sweep.parameters.flow.geometry.values = [flat] | geometry (flat) is none of",
                "sweep { run-cap = 1, parameters.flow.geometry.values = [euclidean, geometric] } | sweep.run-cap (1) is less",
                "sweep { methods = grid } | sweep.methods (grid) is not a known key",
                "sweep { method = bayes } | sweep.method (bayes) is none of grid, random, quasi-random, tpe",
                "sweep.metric.goal = best | sweep.metric.goal (best) is none of auto, maximize, minimize",
                "sweep { early-terminate { type = asha, asha { grace-period = 9, max-t = 3 } } } | leaves no rung"
            })
    void whatCanNotBeSweptIsNamed(String text, String message) {
        assertThatThrownBy(() -> ExperimentFile.parse(text))
                .isInstanceOf(UserError.class)
                .hasMessageContaining(message)
                .hasMessageContaining("Maybe");
    }
}
