package dev.zooflow.bench;

import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.FlowSpec;
import dev.zooflow.graph.Architecture;

/**
 * What is timed.
 *
 * @param name shown with the result
 * @param architecture of the base networks
 * @param flow with its backbone and batch
 */
public record BenchConfig(String name, Architecture architecture, FlowSpec flow) {

    /**
     * One of the named configurations, with the sizes of the thesis: {@code wdbc} 30-16-16-2, width 64, batch 32;
     * {@code gaussian} 30-16-16-2, width 32, batch 16; {@code mnist} 784-10-10, width 32, batch 8; 5 layers each.
     *
     * @param defaults an experiment of which everything else is taken
     */
    public static BenchConfig named(String name, ExperimentSpec defaults) {
        FlowSpec flow = defaults.flows().get(0);
        return switch (name) {
            case "wdbc" -> new BenchConfig(name, Architecture.relu(30, 16, 16, 2), sized(flow, 64, 32));
            case "gaussian" -> new BenchConfig(name, Architecture.relu(30, 16, 16, 2), sized(flow, 32, 16));
            case "mnist" -> new BenchConfig(name, Architecture.relu(784, 10, 10), sized(flow, 32, 8));
            default ->
                throw new IllegalArgumentException(
                        "config (%s) is unknown. Maybe one of wdbc, gaussian, mnist, or a path?".formatted(name));
        };
    }

    /** The same with another batch. */
    public BenchConfig withBatch(int batch) {
        return new BenchConfig(
                name, architecture, flow.withTraining(flow.training().withBatchSize(batch)));
    }

    private static FlowSpec sized(FlowSpec flow, int width, int batch) {
        return flow.withBackbone(flow.backbone().withSize(width, 5))
                .withTraining(flow.training().withBatchSize(batch));
    }
}
