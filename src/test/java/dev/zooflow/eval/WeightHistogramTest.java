package dev.zooflow.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.tensor.Seed;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WeightHistogramTest {

    private static final Architecture TWO_PARAMETERS = Architecture.relu(1, 1);

    private final Map<String, Double> values = new HashMap<>();
    private final Map<String, double[]> series = new HashMap<>();

    @Test
    void meansAndSpreadOfAllWeights() {
        WeightBatch networks = new WeightBatch(TWO_PARAMETERS, new float[] {1, 2, 3, 6});
        WeightHistogram.around(networks).addTo(values, series, networks);

        assertThat(values).containsEntry("weight_mean", 3.0);
        // Variance with n − 1 of 1, 2, 3, 6: (4 + 1 + 0 + 9) / 3.
        assertThat(values.get("weight_std")).isCloseTo(Math.sqrt(14.0 / 3), within(1e-12));
        assertThat(series.get("weight_mean")).containsExactly(1.5, 4.5);
    }

    @Test
    void theDensityIsThatOfTheDistribution() {
        float[] gaussian = new Seed(5).gaussian(400_000);
        WeightHistogram standard = WeightHistogram.around(new WeightBatch(TWO_PARAMETERS, gaussian));
        for (int k = 0; k < gaussian.length; k++) {
            gaussian[k] = 1 + gaussian[k] / 2;
        }
        standard.addTo(values, series, new WeightBatch(TWO_PARAMETERS, gaussian));

        double[] x = series.get("weight_value");
        double[] density = series.get("weight_density");
        for (int b = 0; b < x.length; b++) {
            double z = 2 * (x[b] - 1);
            double normal = 2 * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
            assertThat(density[b]).as("at %s", x[b]).isCloseTo(normal, within(0.02));
        }
        assertThat(Arrays.stream(density).sum() * (x[1] - x[0])).isCloseTo(1, within(1e-6));
    }

    @Test
    void weightsBeyondTheBinsAreLeftOut() {
        WeightHistogram histogram = WeightHistogram.around(new WeightBatch(TWO_PARAMETERS, new float[] {-1, 1}));
        histogram.addTo(values, series, new WeightBatch(TWO_PARAMETERS, new float[] {0, 100, -100, 0}));

        double width = series.get("weight_value")[1] - series.get("weight_value")[0];
        assertThat(Arrays.stream(series.get("weight_density")).sum() * width).isCloseTo(0.5, within(1e-9));
    }
}
