package dev.zooflow.actor;

import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.FlowSpec;
import dev.zooflow.experiment.SamplingSpec;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.message.BlobStore;
import dev.zooflow.message.Event;
import dev.zooflow.message.Event.FlowCheckpoint;
import dev.zooflow.message.Role;
import dev.zooflow.message.Task;
import dev.zooflow.model.WeightFlow;
import dev.zooflow.tensor.Seed;
import java.io.IOException;

/** Generates networks from a checkpoint. */
public final class SampleWork implements RoleWork {

    private final TaskData data;
    private final BlobStore blobs;

    /** Takes checkpoints from there. */
    public SampleWork(TaskData data, BlobStore blobs) {
        this.data = data;
        this.blobs = blobs;
    }

    @Override
    public Role role() {
        return Role.SAMPLER;
    }

    @Override
    public void perform(Task task, WorkContext context) throws IOException {
        if (!(task instanceof Task.SampleFlow sample) || sample.count() < 1) {
            throw new UnprocessableTaskException("task (%s) is none of a sampler".formatted(task.id()));
        }
        ExperimentSpec spec = data.experiment(task);
        FlowCheckpoint checkpoint = sample.checkpoint();
        FlowSpec flowSpec = FlowOfTask.of(spec, checkpoint.flow());
        WeightFlow flow = FlowCodec.decode(blobs.get(checkpoint.model()), flowSpec);
        // The same for all variants: they begin at the same points and differ by their settings alone.
        Seed seed = TaskData.seed(spec, "sample", checkpoint.flow(), checkpoint.label());
        WeightBatch networks = flow.sample(sample.count(), sampling(spec, sample.variant()), seed);
        if (networks.nonFinite() > 0) {
            throw new UnprocessableTaskException("flow (%s) generated networks with %d values that are not finite"
                    .formatted(checkpoint.flow(), networks.nonFinite()));
        }
        context.publish(new Event.GeneratedNetworks(
                task.run(),
                checkpoint.flow(),
                sample.variant(),
                checkpoint.index(),
                checkpoint.step(),
                checkpoint.seconds(),
                checkpoint.last(),
                networks));
    }

    private static SamplingSpec sampling(ExperimentSpec spec, String variant) {
        try {
            return spec.sampling(variant);
        } catch (IllegalArgumentException e) {
            throw new UnprocessableTaskException(String.valueOf(e.getMessage()), e);
        }
    }
}
