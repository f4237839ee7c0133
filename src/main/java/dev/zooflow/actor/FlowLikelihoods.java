package dev.zooflow.actor;

import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.FlowSpec;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.message.BlobStore;
import dev.zooflow.message.Event;
import dev.zooflow.message.Task;
import dev.zooflow.model.LikelihoodGap;
import dev.zooflow.model.WeightFlow;
import dev.zooflow.zoo.Zoo;
import java.io.IOException;

/** The likelihood of a zoo's networks under flows trained on it: of the last snapshots of trajectories of either side. */
final class FlowLikelihoods {

    private final TaskData data;
    private final RunZoos zoos;
    private final BlobStore blobs;

    /** Takes data sets, zoos and checkpoints from there. */
    FlowLikelihoods(TaskData data, RunZoos zoos, BlobStore blobs) {
        this.data = data;
        this.zoos = zoos;
        this.blobs = blobs;
    }

    /**
     * Measures what a task asks for.
     *
     * @throws UnprocessableTaskException when the flow gives the networks no density
     */
    Event.FlowLikelihood of(Task.EvaluateLikelihood task, ExperimentSpec spec) throws IOException {
        FlowSpec flowSpec = FlowOfTask.of(spec, task.checkpoint().flow());
        WeightFlow flow = FlowCodec.decode(blobs.get(task.checkpoint().model()), flowSpec);
        Zoo zoo = zoos.of(task.run(), spec);
        int learnt = flowSpec.zooTrajectories() > 0 ? flowSpec.zooTrajectories() : Integer.MAX_VALUE;
        int networks = spec.evaluation().likelihood().networks();
        try {
            LikelihoodGap gap = new AlignmentLoss(data)
                    .lend(
                            spec,
                            flowSpec,
                            zoo.architecture(),
                            loss -> LikelihoodGap.measure(
                                    flow,
                                    zoo.training(flowSpec.zooTrajectories()),
                                    loss,
                                    first(Math.min(networks, learnt), zoo.finals(false)),
                                    first(networks, zoo.finals(true)),
                                    spec.evaluation().likelihood(),
                                    TaskData.seed(spec, "flow", flowSpec.name()),
                                    TaskData.seed(spec, "likelihood", flowSpec.name())));
            return new Event.FlowLikelihood(task.run(), flowSpec.name(), gap.values(), gap.series());
        } catch (ArithmeticException | IllegalArgumentException e) {
            // The same networks lead to the same end, so another attempt is of no use.
            throw new UnprocessableTaskException("flow (%s): %s".formatted(flowSpec.name(), e.getMessage()), e);
        }
    }

    private static WeightBatch first(int n, WeightBatch networks) {
        return networks.slice(0, Math.min(n, networks.size()));
    }
}
