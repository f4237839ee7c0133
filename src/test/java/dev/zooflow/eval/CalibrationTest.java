package dev.zooflow.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class CalibrationTest {

    @Test
    void errorIsTheGapBetweenConfidenceAndAccuracyInEachBin() {
        // Two bins: confidence 0.4 (wrong) below one half; 0.6 (right), 0.8 (wrong), 1.0 (right) above.
        float[] p = {0.4f, 0.35f, 0.25f, 0.6f, 0.4f, 0, 0.1f, 0.8f, 0.1f, 0, 0, 1};
        int[] labels = {2, 0, 0, 2};
        // (|0 − 0.4| + |2 − 2.4|) / 4
        assertThat(error(p, labels, 2)).isCloseTo(0.2, within(1e-6));
        // One bin: |2 − 2.8| / 4
        assertThat(error(p, labels, 1)).isCloseTo(0.2, within(1e-6));
        // Ten bins: 0.4 + 0.4 + 0.8 + 0 over 4
        assertThat(error(p, labels, 10)).isCloseTo(0.4, within(1e-6));
    }

    @Test
    void certainAndRightIsCalibrated() {
        assertThat(error(new float[] {1, 0, 0, 1}, new int[] {0, 1}, 15)).isZero();
    }

    private static double error(float[] p, int[] labels, int bins) {
        Outcome outcome = Outcome.of(p, 0, p.length / labels.length, labels, 0);
        return Calibration.expectedError(p, outcome, labels, bins);
    }
}
