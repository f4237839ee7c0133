package dev.zooflow.bench;

import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.FlowSpec;
import dev.zooflow.experiment.TaskShape;
import dev.zooflow.graph.Architecture;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The sizes that are timed: those of an experiment, whose first flow counts. No data is read.
 *
 * @param name shown with the result
 * @param experiment with its flow, zoo and sampling
 * @param architecture of the base networks
 * @param examples of the task's training split
 */
public record BenchConfig(String name, ExperimentSpec experiment, Architecture architecture, int examples) {

    private static final String FLOW = "flow { backbone { width = %d, layers = 5 }, training.batch-size = %d }\n";
    private static final String WDBC_ZOO = """
            task.kind = wdbc, network.hidden = [16, 16]
            zoo { training-trajectories = 200, epochs = 50 }
            """;
    private static final String MNIST_ZOO = """
            task { kind = mnist, validation-fraction = 0.001, test-fraction = 0.141857 }
            network.hidden = [10]
            zoo { training-trajectories = 120, epochs = 1, burn-in-epochs = 0, snapshots = 1 }
            zoo { optimizer = sgd, learning-rate = 0.1 }
            """;
    private static final Map<String, String> NAMED = Map.of(
            "wdbc", WDBC_ZOO + FLOW.formatted(64, 32),
            "gaussian", WDBC_ZOO + FLOW.formatted(32, 16),
            "mnist", MNIST_ZOO + FLOW.formatted(32, 8));

    /**
     * One of the named configurations, with the flows of the thesis: {@code wdbc} 30-16-16-2, width 64, batch 32;
     * {@code gaussian} 30-16-16-2, width 32, batch 16; {@code mnist} 784-10-10, width 32, batch 8; 5 layers each.
     *
     * @param kind whose own defaults lie above the configuration's
     * @param overrides {@code key=value} each
     * @return empty if there is no configuration of this name
     */
    public static Optional<BenchConfig> named(String name, BenchKind kind, List<String> overrides) {
        return Optional.ofNullable(NAMED.get(name))
                .map(text -> of(name, ExperimentFile.parse(text + kind.defaults(), overrides)));
    }

    /**
     * The sizes of an experiment.
     *
     * @throws IllegalArgumentException if they are known only after its data has been read
     */
    public static BenchConfig of(String name, ExperimentSpec experiment) {
        TaskShape shape = TaskShape.of(experiment.task())
                .orElseThrow(() -> new IllegalArgumentException(
                        "task (%s) of %s has its sizes in its data. Maybe time a task that is built in?"
                                .formatted(experiment.task().kind(), name)));
        Architecture architecture = experiment.network().architecture(shape.inputs(), shape.classes());
        double share =
                1 - experiment.task().validationFraction() - experiment.task().testFraction();
        return new BenchConfig(name, experiment, architecture, (int) (shape.examples() * share));
    }

    /** The flow that is timed. */
    public FlowSpec flow() {
        return experiment.flows().get(0);
    }
}
