package dev.zooflow.embedding;

import dev.zooflow.exchange.NetworkFiles;
import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.model.FlowTraining;
import dev.zooflow.model.WeightFlow;
import dev.zooflow.tensor.Seed;
import java.nio.file.Path;
import java.util.Map;

/** The example of the README, whose lines stand there as they stand here. */
final class EmbeddingExample {

    private EmbeddingExample() {}

    /** Learns from networks 64-16-10 and writes new ones. */
    static void learn(Path zoo, Path output) {
        // README
        Architecture architecture = Architecture.relu(64, 16, 10);
        WeightBatch networks = NetworkFiles.read(zoo, architecture);
        ExperimentSpec spec = ExperimentFile.parse("""
                flows = [{ name = mine, geometry = geometric, training { steps = 300, time = 0 } }]
                sampling.steps = 32
                """);
        WeightFlow flow = FlowTraining.train(spec.flow("mine"), spec.zoo().initialStd(), networks, new Seed(1));
        WeightBatch generated = flow.sample(16, spec.sampling(), new Seed(2));
        NetworkFiles.write(generated, Map.of("flow", "mine"), output);
        // README
    }
}
