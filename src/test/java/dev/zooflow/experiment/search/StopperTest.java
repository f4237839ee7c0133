package dev.zooflow.experiment.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.zooflow.experiment.EarlyTerminateSpec;
import dev.zooflow.experiment.EarlyTerminateSpec.Halving;
import dev.zooflow.experiment.EarlyTerminateSpec.Median;
import dev.zooflow.experiment.EarlyTerminateSpec.TimeAttr;
import dev.zooflow.experiment.ExperimentFile;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Published examples: cases of Ray Tune's {@code test_trial_scheduler.py} (classes EarlyStoppingSuite and
 * AsyncHyperBandSuite, named at each test) and the tables of the papers.
 */
class StopperTest {

    private final List<TrialReport> told = new ArrayList<>();

    private static Halving halving(double gracePeriod, double reductionFactor, double maxT) {
        return new Halving(TimeAttr.CHECKPOINT, gracePeriod, reductionFactor, maxT);
    }

    private static Stopper median(double gracePeriod, int minSamplesRequired) {
        return new MedianStopping(new Median(TimeAttr.CHECKPOINT, gracePeriod, minSamplesRequired));
    }

    private boolean stops(Stopper rule, String trial, double time, double utility) {
        TrialReport now = new TrialReport(trial, time, utility);
        boolean stops = rule.shortfall(told, now).isPresent();
        told.add(now);
        return stops;
    }

    /** What Ray's suites begin with: t1 is i · 100 at times 0 to 9, t2 is 450 at times 0 to 4, and neither is stopped. */
    private void basicSetup(Stopper rule) {
        for (int i = 0; i < 10; i++) {
            assertThat(stops(rule, "t1", i, i * 100)).as("t1 at %d", i).isFalse();
        }
        for (int i = 0; i < 5; i++) {
            assertThat(stops(rule, "t2", i, 450)).as("t2 at %d", i).isFalse();
        }
    }

    private void complete(String trial) {
        told.add(new TrialReport(trial, 10, 1000));
    }

    /** EarlyStoppingSuite.testMedianStoppingConstantPerf. */
    @Test
    void medianOfConstantPerformance() {
        Stopper rule = median(0, 1);
        basicSetup(rule);
        complete("t1");
        assertThat(stops(rule, "t2", 5, 450)).isFalse();
        assertThat(stops(rule, "t2", 6, 0)).isFalse();
        assertThat(stops(rule, "t2", 10, 450)).isTrue();
    }

    /** EarlyStoppingSuite.testMedianStoppingOnCompleteOnly. */
    @Test
    void medianOfThoseThatHaveComeAsFar() {
        Stopper rule = median(0, 1);
        basicSetup(rule);
        assertThat(stops(rule, "t2", 100, 0)).isFalse();
        told.add(new TrialReport("t1", 101, 1000));
        assertThat(stops(rule, "t2", 101, 0)).isTrue();
    }

    @Test
    void medianWaitsForTheGracePeriodAndForSamples() {
        Stopper rule = median(2, 2);
        complete("t1");
        assertThat(stops(rule, "t3", 3, 10)).as("one other").isFalse();
        complete("t2");
        assertThat(stops(rule, "t4", 1, 10)).as("in grace").isFalse();
        told.add(new TrialReport("t1", 11, 1000));
        told.add(new TrialReport("t2", 11, 1000));
        assertThat(stops(rule, "t4", 11, 10)).isTrue();
    }

    /** AsyncHyperBandSuite.testAsyncHBUsesPercentile: 260 is below 275, and 325. */
    @Test
    void ashaCutsAtThePercentileOfARung() {
        Stopper rule = SuccessiveHalving.asha(halving(1, 2, 10));
        basicSetup(rule);
        complete("t1");
        complete("t2");
        assertThat(rule.shortfall(told, new TrialReport("t3", 1, 260))).hasValue(275);
        assertThat(rule.shortfall(told, new TrialReport("t3", 2, 260))).hasValue(325);
    }

    /** AsyncHyperBandSuite.testAsyncHBGracePeriod. */
    @Test
    void ashaStopsNothingBeforeTheFirstRung() {
        Stopper rule = SuccessiveHalving.asha(halving(2.5, 3, 10));
        basicSetup(rule);
        complete("t1");
        complete("t2");
        assertThat(stops(rule, "t3", 1, 10)).isFalse();
        assertThat(stops(rule, "t3", 2, 10)).isFalse();
        assertThat(stops(rule, "t3", 3, 10)).isTrue();
    }

    @Test
    void aValueThatComesLateCountsAtTheRungItReached() {
        Stopper rule = SuccessiveHalving.asha(halving(1, 3, 27));
        assertThat(stops(rule, "a", 4, 1)).isFalse();
        assertThat(stops(rule, "b", 1, 0.5)).as("nobody was at rung 0").isFalse();
        assertThat(stops(rule, "b", 3, 0.5)).as("below a at rung 1").isTrue();
    }

    /** Figure 1 of the ASHA paper, arXiv 1810.05934: n = 9, r = 1, R = 9, η = 3; bracket s begins at r η^s. */
    @Test
    void rungsOfThePaper() {
        assertThat(SuccessiveHalving.bracket(halving(1, 3, 9), 0).times()).containsExactly(1, 3, 9);
        assertThat(SuccessiveHalving.bracket(halving(1, 3, 9), 1).times()).containsExactly(3, 9);
        assertThat(SuccessiveHalving.bracket(halving(1, 3, 9), 2).times()).containsExactly(9);
    }

    /** In whatever order 81 trials come to a rung, about a third passes, and never less than the best. */
    @ParameterizedTest(name = "seed {0}")
    @CsvSource({"1", "2", "3"})
    void oneTrialInEtaPasses(long seed) {
        Stopper rule = SuccessiveHalving.asha(halving(1, 3, 9));
        List<Integer> order = new ArrayList<>(IntStream.range(0, 81).boxed().toList());
        java.util.Collections.shuffle(order, new java.util.Random(seed));
        List<Integer> passed =
                order.stream().filter(i -> !stops(rule, "t" + i, 1, i)).toList();
        assertThat(passed).contains(80).hasSizeBetween(27, 40);
    }

    /** Table 1 of the Hyperband paper (JMLR 18, 185): R = 81, η = 3 has 81, 34, 15, 8 and 5 configurations in its brackets. */
    @Test
    void bracketsOfThePaper() {
        Hyperband rule = new Hyperband(halving(1, 3, 81), 1);
        assertThat(rule.brackets()).extracting(b -> b.times()[0]).containsExactly(1.0, 3.0, 9.0, 27.0, 81.0);
        assertThat(rule.shares()).containsExactly(81, 34, 15, 8, 5);
        int[] trials = new int[5];
        IntStream.range(0, 10_000).forEach(i -> trials[rule.bracket("trial-" + i)]++);
        assertThat(trials[0] / 10_000.0).isCloseTo(81 / 143.0, within(0.02));
        assertThat(trials[4] / 10_000.0).isCloseTo(5 / 143.0, within(0.01));
    }

    @Test
    void trialsOfOneBracketDoNotCompeteWithThoseOfAnother() {
        Hyperband rule = new Hyperband(halving(1, 3, 81), 1);
        String[] early = IntStream.range(0, 1000)
                .mapToObj(i -> "t" + i)
                .filter(t -> rule.bracket(t) == 0)
                .limit(2)
                .toArray(String[]::new);
        String late = IntStream.range(0, 1000)
                .mapToObj(i -> "t" + i)
                .filter(t -> rule.bracket(t) == 1)
                .findFirst()
                .orElseThrow();
        assertThat(stops(rule, early[0], 3, 1)).isFalse();
        assertThat(stops(rule, late, 3, 0)).isFalse();
        assertThat(stops(rule, early[1], 3, 0)).isTrue();
    }

    @Test
    void defaultsAreThoseOfRayTune() {
        EarlyTerminateSpec spec = ExperimentFile.parse("sweep.parameters.flow.sigma.values = [0.0, 0.1]")
                .sweep()
                .orElseThrow()
                .earlyTerminate();
        assertThat(spec)
                .isEqualTo(new EarlyTerminateSpec(
                        EarlyTerminateSpec.Type.NONE,
                        new Median(TimeAttr.SECONDS, 60, 3),
                        halving(1, 4, 100),
                        halving(1, 3, 81)));
    }
}
