package dev.zooflow.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zooflow.experiment.UserError;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class StandardiserTest {

    private static List<double[]> table(double... values) {
        return Arrays.stream(values).mapToObj(v -> new double[] {v}).toList();
    }

    @Test
    void fitsTheGivenRowsOnly() {
        Standardiser s = Standardiser.fit(table(1, 3, 1000), new int[] {0, 1}, 1);
        assertThat(s.mean()).containsExactly(2);
        assertThat(s.std()).containsExactly(1);
        assertThat(s.apply(0, "a", 1000)).isEqualTo(998f);
    }

    @Test
    void aColumnThatIsConstantUpToRoundingBecomesZero() {
        Standardiser s = Standardiser.fit(table(0.1, 0.1, 0.1, 0.1, 0.1, 0.1), new int[] {0, 1, 2, 3, 4, 5}, 1);
        assertThat(s.std()).containsExactly(1);
        assertThat(s.apply(0, "a", 0.1)).isZero();
        assertThat(s.apply(0, "a", 1.1)).isEqualTo(1f);
    }

    @Test
    void aSmallSpreadAroundALargeMeanIsNotLost() {
        // Seconds since 1970: a float mean alone would be off by up to a minute.
        Standardiser s = Standardiser.fit(table(1_700_000_001, 1_700_000_003), new int[] {0, 1}, 1);
        assertThat(s.apply(0, "time", 1_700_000_003)).isEqualTo(1f);
    }

    @Test
    void whatCannotBeAFloatIsRefused() {
        Standardiser s = Standardiser.fit(table(1e-45, 3e-45, 1e30), new int[] {0, 1}, 1);
        assertThat(s.normalisation().std()[0]).isPositive();
        assertThatThrownBy(() -> s.apply(0, "mass", 1e30))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("column (mass) holds 1.0E30");
    }
}
