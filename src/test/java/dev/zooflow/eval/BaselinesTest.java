package dev.zooflow.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.tensor.Seed;
import dev.zooflow.zoo.Trajectory;
import dev.zooflow.zoo.Zoo;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Zoos of 1-1 networks y = w x + b with two parameters. Their coordinates are (sign w, b / |w|, log |w|), so that what
 * mixing does can be read off the logarithm of w.
 */
final class BaselinesTest {

    private static final int N = 2_000;
    private static final Seed SEED = new Seed(5);

    @Test
    void aSoupOfSixteenTrajectoriesTakesOneNetworkOfEach() {
        AlignedZoo zoo = zoo(IntStream.range(0, 16).mapToDouble(i -> i / 4.0).toArray());
        double[] logs = logW(new Baselines(zoo, 50, SEED).soup());
        // The mean of 0, ¼, …, 15/4.
        assertThat(logs).hasSize(50);
        assertThat(DoubleStream.of(logs)).allSatisfy(log -> assertThat(log).isCloseTo(1.875, within(1e-4)));
    }

    @Test
    void soupsOfMoreTrajectoriesDiffer() {
        AlignedZoo zoo = zoo(IntStream.range(0, 40).mapToDouble(i -> i / 8.0).toArray());
        double[] logs = logW(new Baselines(zoo, 50, SEED).soup());
        assertThat(Statistics.mean(logs)).isCloseTo(39 / 16.0, within(0.3));
        // Variance of the mean of 16 of 40 without repetition: σ²/16 · 24/39, σ² = (40² − 1)/12/64.
        assertThat(Statistics.std(logs)).isCloseTo(Math.sqrt(2.082 / 16 * 24 / 39), within(0.1));
    }

    @Test
    void interpolationsLieUniformlyBetweenDifferentTrajectories() {
        double[] logs = logW(new Baselines(zoo(0, 1), N, SEED).interpolation());
        assertThat(DoubleStream.of(logs)).allMatch(log -> log > -1e-4 && log < 1 + 1e-4);
        assertThat(Statistics.mean(logs)).isCloseTo(0.5, within(0.03));
        assertThat(Statistics.std(logs)).isCloseTo(Math.sqrt(1 / 12.0), within(0.02));
    }

    @Test
    void gaussiansHaveTheMomentsOfTheTrainingNetworks() {
        double[] logs = logW(new Baselines(zoo(0, 1, 2, 5), N, SEED).gaussian());
        // Three networks of each trajectory: variance (4 + 1 + 0 + 9) · 3 / 11.
        assertThat(Statistics.mean(logs)).isCloseTo(2, within(0.15));
        assertThat(Statistics.std(logs)).isCloseTo(Math.sqrt(42 / 11.0), within(0.1));
    }

    @Test
    void jointGaussiansHaveTheCovarianceOfTheLastNetworks() {
        // The first network of each trajectory is far off; the last ones have b = w log w, so that both coordinates are
        // equal.
        WeightBatch joint = new Baselines(linear(0, 1, 2, 5), N, SEED).jointGaussian();
        double[] logs = logW(joint);
        assertThat(Statistics.mean(logs)).isCloseTo(2, within(0.15));
        // (4 + 1 + 0 + 9) / 4.
        assertThat(Statistics.std(logs)).isCloseTo(Math.sqrt(3.5), within(0.1));
        for (int i = 0; i < N; i++) {
            assertThat(joint.theta()[2 * i + 1] / joint.theta()[2 * i]).isCloseTo((float) logs[i], within(2e-3f));
        }
    }

    @Test
    void aGaussianOfIndependentCoordinatesHasNoCovariance() {
        WeightBatch gaussian = new Baselines(linear(0, 1, 2, 5), N, SEED).gaussian();
        double[] logs = logW(gaussian);
        double apart = IntStream.range(0, N)
                .mapToDouble(i -> Math.abs(gaussian.theta()[2 * i + 1] / gaussian.theta()[2 * i] - logs[i]))
                .average()
                .orElseThrow();
        assertThat(apart).isGreaterThan(1);
    }

    @Test
    void noiseIsRelativeToTheWeightsOfTheLayer() {
        WeightBatch noisy = new Baselines(zoo(2, 2), N, SEED).noise(0.05);
        double w = Math.exp(2);
        double[] weights = new double[N];
        double[] biases = new double[N];
        for (int i = 0; i < N; i++) {
            weights[i] = noisy.theta()[2 * i];
            biases[i] = noisy.theta()[2 * i + 1];
        }
        assertThat(Statistics.mean(weights)).isCloseTo(w, within(0.05));
        assertThat(Statistics.std(weights)).isCloseTo(0.05 * w, within(0.02));
        assertThat(Statistics.std(biases)).isCloseTo(0.05 * w, within(0.02));
    }

    @Test
    void retrievalReturnsTrainingNetworksAsTheyAre() {
        AlignedZoo zoo = zoo(0, 1);
        WeightBatch found = new Baselines(zoo, 3, SEED)
                .retrieval(new WeightBatch(zoo.training().architecture(), new float[] {5, 0, -1, 4, 0.5f, 0.1f}));
        assertThat(found.size()).isEqualTo(3);
        for (int i = 0; i < 3; i++) {
            assertThat(zoo.training().theta()).contains(found.theta()[2 * i]);
            assertThat(found.theta()[2 * i + 1]).isZero();
        }
    }

    // Trajectories that begin at w = e⁹ and end at log w = b/w = the value given.
    private static AlignedZoo linear(double... logs) {
        Architecture line = Architecture.relu(1, 1);
        List<Trajectory> trajectories = new ArrayList<>();
        for (double log : logs) {
            float w = (float) Math.exp(log);
            float far = (float) Math.exp(9);
            trajectories.add(new Trajectory(
                    trajectories.size(), false, new int[] {1, 2}, new float[2], new WeightBatch(line, new float[] {
                        far, 0, w, (float) (w * log)
                    })));
        }
        return new AlignedZoo(new Zoo(line, trajectories), SEED);
    }

    // One trajectory for each value of log w, of three equal snapshots with b = 0.
    private static AlignedZoo zoo(double... logs) {
        Architecture line = Architecture.relu(1, 1);
        List<Trajectory> trajectories = new ArrayList<>();
        for (double log : logs) {
            float w = (float) Math.exp(log);
            trajectories.add(new Trajectory(
                    trajectories.size(), false, new int[] {1, 2, 3}, new float[3], new WeightBatch(line, new float[] {
                        w, 0, w, 0, w, 0
                    })));
        }
        return new AlignedZoo(new Zoo(line, trajectories), SEED);
    }

    private static double[] logW(WeightBatch networks) {
        return IntStream.range(0, networks.size())
                .mapToDouble(i -> Math.log(networks.theta()[2 * i]))
                .toArray();
    }
}
