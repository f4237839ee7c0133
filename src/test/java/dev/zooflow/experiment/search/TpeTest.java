package dev.zooflow.experiment.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.zooflow.experiment.search.Tpe.Observation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Published examples: cases of Optuna's own tests (version 4), named at each test, and values that Optuna's classes give for the
 * same input (version 5.0.0, of which the categories, the truncated Gaussians and the mixture are those of version 4).
 */
class TpeTest {

    /** Branin's function on [−5, 10] × [0, 15]; its minimum is 0.397887. */
    private static double branin(double[] u) {
        double x = -5 + 15 * u[0];
        double y = 15 * u[1];
        double a = y - 5.1 / (4 * Math.PI * Math.PI) * x * x + 5 / Math.PI * x - 6;
        return a * a + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10;
    }

    /** A paraboloid in four numbers, each of five choices of a fifth parameter 0.1 worse than the one before. */
    private static double quadratic(double[] u) {
        double sum = 0.1 * Math.floor(5 * u[4]);
        for (int i = 0; i < 4; i++) {
            sum += (u[i] - 0.2 * (i + 1)) * (u[i] - 0.2 * (i + 1));
        }
        return sum;
    }

    private static double best(Tpe tpe, ToDoubleFunction<double[]> function, int trials, int random, long seed) {
        SplittableRandom generator = new SplittableRandom(seed);
        List<Observation> observations = new ArrayList<>();
        for (int i = 0; i < trials; i++) {
            double[] places = i < random ? tpe.random(generator) : tpe.propose(observations, generator);
            assertThat(places).hasSize(tpe.choices().length);
            assertThat(Arrays.stream(places)).allMatch(p -> p >= 0 && p < 1);
            observations.add(new Observation(places, true, i, -function.applyAsDouble(places)));
        }
        return observations.stream().mapToDouble(o -> -o.utility()).min().orElseThrow();
    }

    /** Medians of 40 seeds after 60 trials, against as many at random. */
    private static double[] medians(Tpe tpe, ToDoubleFunction<double[]> function) {
        double[] tpeBest = LongStream.range(0, 40)
                .mapToDouble(seed -> best(tpe, function, 60, Tpe.START_UP_TRIALS, seed))
                .toArray();
        double[] randomBest = LongStream.range(0, 40)
                .mapToDouble(seed -> best(tpe, function, 60, 60, seed))
                .toArray();
        return new double[] {Quantile.of(tpeBest, 0.5), Quantile.of(randomBest, 0.5)};
    }

    @Test
    void findsTheMinimumOfBraninBetterThanChance() {
        double[] regret = medians(new Tpe(new int[2]), TpeTest::branin);
        assertThat(regret[0] - 0.397887).isPositive().isLessThan((regret[1] - 0.397887) / 2);
    }

    @Test
    void findsTheMinimumOfAQuadraticWithChoicesBetterThanChance() {
        double[] regret = medians(new Tpe(new int[] {0, 0, 0, 0, 5}), TpeTest::quadratic);
        assertThat(regret[0]).isLessThan(regret[1] / 2);
    }

    @Test
    void theSeedDecides() {
        Tpe tpe = new Tpe(new int[2]);
        assertThat(best(tpe, TpeTest::branin, 30, 10, 5)).isEqualTo(best(tpe, TpeTest::branin, 30, 10, 5));
        assertThat(best(tpe, TpeTest::branin, 30, 10, 5)).isNotEqualTo(best(tpe, TpeTest::branin, 30, 10, 6));
    }

    /** Optuna's default_gamma. */
    @ParameterizedTest
    @CsvSource({"1,1", "10,1", "11,2", "100,10", "250,25", "1000,25"})
    void aTenthIsGoodAndNeverMoreThan25(int n, int good) {
        assertThat(Tpe.good(n)).isEqualTo(good);
    }

    /** Optuna's default_weights(30), which is linspace(1/30, 1, 5) and 25 ones, before the prior's 1. */
    @Test
    void olderObservationsWeighLess() {
        double[] weights = Parzen.weights(30);
        double last = weights[30];
        assertThat(weights[0] / last).isCloseTo(1 / 30.0, within(1e-12));
        assertThat(weights[2] / last).isCloseTo((1 / 30.0 + 1) / 2, within(1e-12));
        assertThat(weights[4] / last).isCloseTo(1, within(1e-12));
        assertThat(weights[29] / last).isCloseTo(1, within(1e-12));
        assertThat(Arrays.stream(weights).sum()).isCloseTo(1, within(1e-12));
    }

    /** Sorted 0.1, 0.2, 0.5 (the prior), 0.9: the larger gap to a neighbour; narrowest is 1 / (2 + n). */
    @Test
    void kernelsReachToTheirNeighbours() {
        Parzen.Numeric numeric = Parzen.Numeric.of(new double[] {0.9, 0.1, 0.2});
        assertThat(numeric.width()).containsExactly(new double[] {0.4, 0.2, 0.3, 1}, within(1e-12));
    }

    /** test_init_parzen_estimator, univariate, a: the value 1 in [1, 100] gives centres 1, 50.5 and widths 49.5, 99. */
    @Test
    void oneObservationAtAnEndAsInOptuna() {
        Parzen.Numeric numeric = Parzen.Numeric.of(new double[] {0});
        assertThat(numeric.weight()).containsExactly(0.5, 0.5);
        assertThat(numeric.centre()).containsExactly(0, (50.5 - 1) / 99);
        assertThat(numeric.width()).containsExactly(new double[] {49.5 / 99, 1}, within(1e-12));
    }

    /** test_calculate, −0.4 and 0.4 in [−1, 1] with the prior: width 0.4 each, which is below the narrowest of 2 / 4. */
    @Test
    void twoObservationsAroundThePriorAsInOptuna() {
        assertThat(Parzen.Numeric.of(new double[] {0.3, 0.7}).width()).containsExactly(0.25, 0.25, 1);
    }

    /** log_pdf of Optuna's mixture of truncated Gaussians, with the centres and widths above. */
    @Test
    void densitiesAreThoseOfOptuna() {
        Parzen.Numeric one = Parzen.Numeric.of(new double[] {0});
        assertThat(DoubleStream.of(0, 0.3, 0.999).map(one::logDensity).toArray())
                .containsExactly(new double[] {0.2589928362, 0.1896430346, -0.5559665711}, within(1e-6));
        Parzen.Numeric three = Parzen.Numeric.of(new double[] {0.9, 0.1, 0.2});
        assertThat(DoubleStream.of(0.05, 0.15, 0.5, 0.95).map(three::logDensity).toArray())
                .containsExactly(new double[] {0.3172569238, 0.3771798562, -0.1198366118, -0.390172981}, within(1e-6));
    }

    /** test_init_parzen_estimator, f and g: kernels 0.2, 0.6, 0.2 and ⅓; ⅙, ½, ⅙, ⅙ and ¼; then log_pdf of longer series. */
    @Test
    void choicesAreThoseOfOptuna() {
        assertThat(Parzen.Categorical.of(new int[] {1}, 3).probability())
                .containsExactly(new double[] {4 / 15.0, 7 / 15.0, 4 / 15.0}, within(1e-12));
        assertThat(Parzen.Categorical.of(new int[] {1}, 4).probability())
                .containsExactly(new double[] {5 / 24.0, 3 / 8.0, 5 / 24.0, 5 / 24.0}, within(1e-12));
        Parzen three = Parzen.Categorical.of(new int[] {1, 1, 3}, 4);
        assertThat(IntStream.range(0, 4).mapToDouble(three::logDensity).toArray())
                .containsExactly(
                        new double[] {-1.856297990366, -0.900786545338, -1.856297990366, -1.268511325464},
                        within(1e-9));
        Parzen thirty =
                Parzen.Categorical.of(IntStream.range(0, 30).map(i -> i * i % 5).toArray(), 5);
        assertThat(IntStream.range(0, 5).mapToDouble(thirty::logDensity).toArray())
                .containsExactly(
                        new double[] {-1.685029629132, -0.98489755405, -3.387204390979, -3.387204390979, -0.98489755405
                        },
                        within(1e-9));
    }

    /** test_split_observation_pairs: of these four the two best are the complete one and that which came to step 7. */
    @Test
    void theBestAreThoseOfOptuna() {
        Observation pruned = new Observation(new double[0], false, 7, 2);
        Observation prunedWithoutValues = new Observation(new double[0], false, 0, 0);
        Observation prunedWithoutANumber = new Observation(new double[0], false, 3, Double.NEGATIVE_INFINITY);
        Observation complete = new Observation(new double[0], true, 0, 5);
        List<Observation> all = List.of(pruned, prunedWithoutValues, prunedWithoutANumber, complete);
        assertThat(Tpe.best(2, all)).containsExactly(complete, pruned);
        assertThat(Tpe.best(3, all)).containsExactly(complete, pruned, prunedWithoutANumber);
    }

    @Test
    void densitiesIntegrateToOne() {
        Parzen.Numeric numeric = Parzen.Numeric.of(new double[] {0.03, 0.5, 0.51, 0.98});
        double sum = 0;
        for (int i = 0; i < 10_000; i++) {
            sum += Math.exp(numeric.logDensity((i + 0.5) / 10_000)) / 10_000;
        }
        assertThat(sum).isCloseTo(1, within(1e-5));
        double choices = 0;
        for (int c = 0; c < 4; c++) {
            choices += Math.exp(Parzen.Categorical.of(new int[] {1, 1, 3}, 4).logDensity(c));
        }
        assertThat(choices).isCloseTo(1, within(1e-12));
    }

    @Test
    void whatWasStoppedIsWorseThanWhatWasNot() {
        Tpe tpe = new Tpe(new int[] {2});
        List<Observation> observations = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            boolean stopped = i % 2 == 1;
            observations.add(new Observation(new double[] {stopped ? 0.9 : 0.1}, !stopped, i, stopped ? 100 : 1));
        }
        assertThat(tpe.propose(observations, new SplittableRandom(1))[0]).isLessThan(0.5);
    }
}
