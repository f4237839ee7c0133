package dev.zooflow.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class MannWhitneyTest {

    /**
     * SciPy 1.17.1: {@code r = stats.mannwhitneyu(x, y, method='asymptotic', use_continuity=False)} gives
     * {@code r.statistic} 7.0, and {@code stats.norm.ppf(r.pvalue / 2)} −1.7051956801764145.
     */
    @Test
    void agreesWithSciPy() {
        double[] x = {0.3, 1.2, 0.7, 0.9, 0.1};
        double[] y = {1.0, 1.5, 0.8, 2.0, 0.6, 1.1, 1.7};
        assertThat(MannWhitney.z(x, y)).isCloseTo(-1.7051956801764145, within(1e-12));
        assertThat(MannWhitney.z(y, x)).isCloseTo(1.7051956801764145, within(1e-12));
    }

    @Test
    void aSampleAgainstItselfIsZero() {
        double[] x = {1, 2, 2, 5};
        assertThat(MannWhitney.z(x, x)).isZero();
    }

    @Test
    void tiesCountHalf() {
        // U = 0.5 of 1 pair: the mean.
        assertThat(MannWhitney.z(new double[] {3}, new double[] {3})).isZero();
        // U = 2 of 2 pairs against a mean of 1 and a standard deviation of √(2·4/12).
        assertThat(MannWhitney.z(new double[] {3}, new double[] {1, 2}))
                .isCloseTo(1 / Math.sqrt(2.0 / 3), within(1e-12));
    }
}
