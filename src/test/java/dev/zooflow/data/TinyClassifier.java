package dev.zooflow.data;

import dev.zooflow.tensor.Seed;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * A ReLU network with one hidden layer, trained with Adam on the cross-entropy: a yardstick for how hard a task is that
 * depends on nothing of the program but the seed.
 *
 * <p>f inputs, h hidden neurons, c classes; parameters are W1 [h, f], b1 [h], W2 [c, h], b2 [c], one after the other.
 */
final class TinyClassifier {

    private static final int BATCH = 64;

    private final int f;
    private final int h;
    private final int c;
    private final double[] theta;
    private final double[] gradient;
    private final double[] hidden;
    private final double[] output;

    TinyClassifier(int f, int h, int c, Seed seed) {
        this.f = f;
        this.h = h;
        this.c = c;
        this.theta = new double[h * f + h + c * h + c];
        this.gradient = new double[theta.length];
        this.hidden = new double[h];
        this.output = new double[c];
        RandomGenerator random = seed.generator();
        for (int i = 0; i < theta.length; i++) {
            theta[i] = 0.1 * random.nextGaussian();
        }
    }

    void train(Split split, int epochs, double rate, Seed seed) {
        double[] m = new double[theta.length];
        double[] v = new double[theta.length];
        int step = 0;
        for (int epoch = 0; epoch < epochs; epoch++) {
            int[] order = seed.child(epoch)
                    .generator()
                    .ints(split.size(), 0, split.size())
                    .toArray();
            for (int from = 0; from + BATCH <= order.length; from += BATCH) {
                Arrays.fill(gradient, 0);
                for (int i = from; i < from + BATCH; i++) {
                    backward(split, order[i]);
                }
                adam(m, v, ++step, rate);
            }
        }
    }

    double accuracy(Split split) {
        int right = 0;
        for (int row = 0; row < split.size(); row++) {
            forward(split, row);
            int best = 0;
            for (int k = 1; k < c; k++) {
                best = output[k] > output[best] ? k : best;
            }
            right += best == split.y()[row] ? 1 : 0;
        }
        return (double) right / split.size();
    }

    private void forward(Split split, int row) {
        int b1 = h * f;
        int w2 = b1 + h;
        int b2 = w2 + c * h;
        for (int j = 0; j < h; j++) {
            double sum = theta[b1 + j];
            for (int i = 0; i < f; i++) {
                sum += theta[j * f + i] * split.x()[row * f + i];
            }
            hidden[j] = Math.max(0, sum);
        }
        for (int k = 0; k < c; k++) {
            double sum = theta[b2 + k];
            for (int j = 0; j < h; j++) {
                sum += theta[w2 + k * h + j] * hidden[j];
            }
            output[k] = sum;
        }
    }

    private void backward(Split split, int row) {
        forward(split, row);
        double largest = Arrays.stream(output).max().orElseThrow();
        double sum = 0;
        for (int k = 0; k < c; k++) {
            output[k] = Math.exp(output[k] - largest);
            sum += output[k];
        }
        int b1 = h * f;
        int w2 = b1 + h;
        int b2 = w2 + c * h;
        double[] toHidden = new double[h];
        for (int k = 0; k < c; k++) {
            double error = output[k] / sum - (split.y()[row] == k ? 1 : 0);
            gradient[b2 + k] += error;
            for (int j = 0; j < h; j++) {
                gradient[w2 + k * h + j] += error * hidden[j];
                toHidden[j] += error * theta[w2 + k * h + j];
            }
        }
        for (int j = 0; j < h; j++) {
            if (hidden[j] > 0) {
                gradient[b1 + j] += toHidden[j];
                for (int i = 0; i < f; i++) {
                    gradient[j * f + i] += toHidden[j] * split.x()[row * f + i];
                }
            }
        }
    }

    private void adam(double[] m, double[] v, int step, double rate) {
        double correction = Math.sqrt(1 - Math.pow(0.999, step)) / (1 - Math.pow(0.9, step));
        for (int i = 0; i < theta.length; i++) {
            double g = gradient[i] / BATCH;
            m[i] = 0.9 * m[i] + 0.1 * g;
            v[i] = 0.999 * v[i] + 0.001 * g * g;
            theta[i] -= rate * correction * m[i] / (Math.sqrt(v[i]) + 1e-8);
        }
    }
}
