package dev.zooflow.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.FlowSpec;
import dev.zooflow.experiment.SamplingSpec;
import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.tensor.Seed;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/**
 * What a flat field does with few training networks (Zeng et al., arXiv 2506.07998): with enough width it learns them by
 * heart. A sample counts as a copy when it is closer to a training network than a third of what new networks are.
 */
class CopyingTest {

    private static final Architecture SMALL = Architecture.relu(5, 5, 5);
    private static final int D = SMALL.parameters();
    private static final WeightBatch TRAINING = networks(20, new Seed(12));
    private static final double NEW = median(distances(networks(50, new Seed(13))));

    @Test
    void aWideFlatFieldCopiesItsTrainingNetworks() {
        double[] distances = distances(sampled(128));
        assertThat(Arrays.stream(distances).filter(d -> d < NEW / 3).count()).isGreaterThanOrEqualTo(90);
        assertThat(median(distances) / NEW).isLessThan(0.15);
    }

    @Test
    void aNarrowOneCanNot() {
        double[] distances = distances(sampled(8));
        assertThat(Arrays.stream(distances).filter(d -> d < NEW / 3).count()).isLessThan(40);
        assertThat(median(distances) / NEW).isGreaterThan(0.4);
    }

    private static WeightBatch sampled(int width) {
        FlowSpec spec = ExperimentFile.parse("""
                        flows = [{
                          name = f, geometry = euclidean, alignment = none, prediction = velocity, time = uniform
                          sigma = 0.001, source-scale = 0.1
                          backbone { kind = flat, width = %d, layers = 3 }
                          training { batch-size = 16, warm-up = 20, learning-rate = 3e-3 }
                        }]
                        """.formatted(width)).flows().get(0);
        try (FlowTrainer trainer = new FlowTrainer(spec, 0.1, TRAINING, new Seed(1))) {
            for (int k = 0; k < 700; k++) {
                trainer.step(k / 700.0);
            }
            SamplingSpec sampling =
                    ExperimentFile.parse("sampling { steps = 64 }").sampling();
            return trainer.snapshot().sample(100, sampling, new Seed(7));
        }
    }

    private static WeightBatch networks(int n, Seed seed) {
        return new WeightBatch(SMALL, seed.gaussian(n * D));
    }

    // To the nearest training network.
    private static double[] distances(WeightBatch networks) {
        double[] nearest = new double[networks.size()];
        for (int i = 0; i < nearest.length; i++) {
            double best = Double.MAX_VALUE;
            for (int j = 0; j < TRAINING.size(); j++) {
                double square = 0;
                for (int k = 0; k < D; k++) {
                    double difference = networks.theta()[i * D + k] - TRAINING.theta()[j * D + k];
                    square += difference * difference;
                }
                best = Math.min(best, Math.sqrt(square));
            }
            nearest[i] = best;
        }
        return nearest;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
