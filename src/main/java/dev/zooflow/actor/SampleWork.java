package dev.zooflow.actor;

import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.NetworkSpec;
import dev.zooflow.experiment.SamplingSpec;
import dev.zooflow.graph.Architecture;
import dev.zooflow.message.BlobStore;
import dev.zooflow.message.Event;
import dev.zooflow.message.Event.FlowCheckpoint;
import dev.zooflow.message.Role;
import dev.zooflow.message.Task;
import dev.zooflow.model.WeightFlow;
import dev.zooflow.model.WeightFlow.Sampled;
import dev.zooflow.tensor.Seed;
import java.io.IOException;

/** Generates networks from a checkpoint, for the zoo's task or another one. */
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
        if (task instanceof Task.SampleFlow sample && sample.count() > 0) {
            sample(sample, context);
        } else if (task instanceof Task.TransferFlow transfer) {
            new Transfer(task, data, context).flow(flow(transfer.checkpoint(), data.experiment(task)));
        } else {
            throw new UnprocessableTaskException("task (%s) is none of a sampler".formatted(task.id()));
        }
    }

    private WeightFlow flow(FlowCheckpoint checkpoint, ExperimentSpec spec) throws IOException {
        return FlowCodec.decode(blobs.get(checkpoint.model()), FlowOfTask.of(spec, checkpoint.flow()));
    }

    private void sample(Task.SampleFlow task, WorkContext context) throws IOException {
        ExperimentSpec spec = data.experiment(task);
        FlowCheckpoint checkpoint = task.checkpoint();
        // The same for all variants: they begin at the same points and differ by their settings alone.
        Seed seed = TaskData.seed(spec, "sample", checkpoint.flow(), checkpoint.label());
        Sampled sampled = generate(task, flow(checkpoint, spec), sampling(task, spec), spec, seed);
        if (sampled.networks().nonFinite() > 0) {
            throw new UnprocessableTaskException("flow (%s) generated networks with %d values that are not finite"
                    .formatted(checkpoint.flow(), sampled.networks().nonFinite()));
        }
        context.publish(new Event.GeneratedNetworks(
                task.run(),
                checkpoint.flow(),
                task.variant(),
                checkpoint.index(),
                checkpoint.step(),
                checkpoint.seconds(),
                checkpoint.last(),
                sampled.gradientSteps(),
                sampled.networks()));
    }

    private Sampled generate(
            Task.SampleFlow task, WeightFlow flow, SamplingSpec sampling, ExperimentSpec spec, Seed seed) {
        try {
            return Generation.generate(
                    wider(flow, sampling),
                    task.count(),
                    sampling,
                    () -> data.dataset(spec).train(),
                    seed);
        } catch (ArithmeticException e) {
            // The same seed leads to the same end, so another attempt is of no use.
            throw new UnprocessableTaskException(
                    "flow (%s): %s".formatted(task.checkpoint().flow(), e.getMessage()), e);
        }
    }

    private static WeightFlow wider(WeightFlow flow, SamplingSpec sampling) {
        if (sampling.hidden().isEmpty()) {
            return flow;
        }
        Architecture own = flow.architecture();
        return flow.forArchitecture(
                new NetworkSpec(sampling.hidden(), own.activation()).architecture(own.inputs(), own.outputs()));
    }

    private static SamplingSpec sampling(Task.SampleFlow task, ExperimentSpec spec) {
        if (task.variant().isEmpty()) {
            return spec.sampling(FlowOfTask.of(spec, task.checkpoint().flow()));
        }
        try {
            return spec.sampling(task.variant());
        } catch (IllegalArgumentException e) {
            throw new UnprocessableTaskException(String.valueOf(e.getMessage()), e);
        }
    }
}
