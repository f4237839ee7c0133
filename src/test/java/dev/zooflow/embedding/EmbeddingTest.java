package dev.zooflow.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zooflow.exchange.NetworkFiles;
import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.tensor.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddingTest {

    private static final Architecture ARCHITECTURE = Architecture.relu(64, 16, 10);

    private static final int INPUTS = 200;

    @TempDir
    private Path dir;

    @Test
    void theReadmeShowsTheExampleAsItIsCompiled() throws IOException {
        String source = Files.readString(Path.of("src/test/java/dev/zooflow/embedding/EmbeddingExample.java"));
        String readme = Files.readString(Path.of("README.md"));
        String body = source.split("// README\n", -1)[1];
        String block = readme.split("```java\n", -1)[1].split("```", -1)[0];
        assertThat(withoutSpace(block)).isEqualTo(withoutSpace(body));
    }

    private static String withoutSpace(String text) {
        return text.replaceAll("\\s+", "");
    }

    @Test
    void theExampleLearnsTheNetworksItIsGiven() {
        int d = ARCHITECTURE.parameters();
        float[] centre = new Seed(11).gaussian(d);
        float[] theta = new Seed(12).gaussian(40 * d);
        for (int i = 0; i < theta.length; i++) {
            theta[i] = centre[i % d] + 0.1f * theta[i];
        }
        WeightBatch networks = new WeightBatch(ARCHITECTURE, theta);
        NetworkFiles.write(networks, Map.of(), dir.resolve("zoo/networks.safetensors"));
        Path output = dir.resolve("generated.safetensors");

        EmbeddingExample.learn(dir.resolve("zoo"), output);

        WeightBatch generated = NetworkFiles.read(output, ARCHITECTURE);
        assertThat(generated.size()).isEqualTo(16);
        // A network of random weights would agree in a tenth of the inputs.
        assertThat(agreement(generated, centre)).isBetween(0.5, 0.99);
        assertThat(agreement(networks, centre)).isGreaterThan(agreement(generated, centre) - 0.2);
    }

    /** For how many random inputs networks decide as another one does. */
    private static double agreement(WeightBatch networks, float[] other) {
        int d = other.length;
        Seed seed = new Seed(13);
        int agreed = 0;
        for (int k = 0; k < INPUTS; k++) {
            float[] x = seed.child(k).gaussian(64);
            int decision = decision(other, 0, x);
            for (int i = 0; i < networks.size(); i++) {
                agreed += decision(networks.theta(), i * d, x) == decision ? 1 : 0;
            }
        }
        return agreed / (double) (INPUTS * networks.size());
    }

    /** The class of an input: weights from an offset on, in the order of {@code parameters_to_vector}. */
    private static int decision(float[] theta, int offset, float[] x) {
        float[] hidden = layer(theta, offset, x, 16);
        for (int i = 0; i < hidden.length; i++) {
            hidden[i] = Math.max(0, hidden[i]);
        }
        float[] logits = layer(theta, offset + 16 * 64 + 16, hidden, 10);
        return IntStream.range(0, 10)
                .boxed()
                .max(Comparator.comparingDouble(c -> logits[c]))
                .orElseThrow();
    }

    private static float[] layer(float[] theta, int offset, float[] x, int outputs) {
        float[] y = new float[outputs];
        for (int o = 0; o < outputs; o++) {
            y[o] = theta[offset + outputs * x.length + o];
            for (int i = 0; i < x.length; i++) {
                y[o] += theta[offset + o * x.length + i] * x[i];
            }
        }
        return y;
    }
}
