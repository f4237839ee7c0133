package dev.zooflow.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zooflow.exchange.NetworkFiles;
import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.tensor.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddingTest {

    private static final Architecture ARCHITECTURE = Architecture.relu(64, 16, 10);

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
        assertThat(generated.theta()).isNotEqualTo(new float[16 * d]);
    }
}
