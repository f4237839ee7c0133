package dev.zooflow.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class StatisticsTest {

    /** NumPy 2.4.6: {@code np.quantile([0.9, 0.95, 0.97, 0.99, 0.8], 0.05)} and {@code np.quantile([3, 1, 2, 4], 0.5)}. */
    @Test
    void quantilesAgreeWithNumPy() {
        assertThat(Statistics.quantile(new double[] {0.9, 0.95, 0.97, 0.99, 0.8}, 0.05))
                .isCloseTo(0.82, within(1e-12));
        assertThat(Statistics.median(new double[] {3, 1, 2, 4})).isCloseTo(2.5, within(1e-12));
        assertThat(Statistics.median(new double[] {7})).isEqualTo(7);
    }

    /** NumPy 2.4.6: {@code np.std([1, 2, 4, 7], ddof=1)}. */
    @Test
    void standardDeviationAgreesWithNumPy() {
        assertThat(Statistics.std(new double[] {1, 2, 4, 7})).isCloseTo(2.6457513110645907, within(1e-12));
        assertThat(Statistics.std(new double[] {1})).isNaN();
    }

    @Test
    void dispersionIsTheRootOfTheMeanVarianceOfTheComparedColumns() {
        // Variances 2 and 8 of the first two columns; the third does not count.
        float[] x = {0, 1, 100, 2, 5, -100};
        assertThat(Statistics.dispersion(x, 3, 2)).isCloseTo(Math.sqrt(5), within(1e-6));
        assertThat(Statistics.dispersion(new float[] {1, 2, 3}, 3, 2)).isNaN();
    }
}
