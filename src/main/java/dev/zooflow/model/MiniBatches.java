package dev.zooflow.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.experiment.FlowSpec;
import dev.zooflow.flow.TimeSampler;
import dev.zooflow.flow.path.PathSample;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Draws the mini-batches of flow matching: pairs of source and data, a time for each, and the point on the path.
 *
 * <p>Legend: N training networks, B batch, P coordinates.
 *
 * @param spec of the flow
 * @param space coordinates
 * @param source of x0
 * @param data x1, [N, P]
 * @param starts x0 of each row of the data, [N, P], if the coupling takes it from there
 * @param reference of the data, [1, P]
 */
record MiniBatches(
        FlowSpec spec, WeightSpace space, Source source, NDArray data, Optional<NDArray> starts, NDArray reference) {

    /** The mini-batch of a seed; what it leaves behind belongs to the manager of the data. */
    PathSample draw(Seed seed) {
        NDManager manager = data.getManager();
        int batch = spec.training().batchSize();
        RandomGenerator random = seed.child("batch").generator();
        long[] rows = random.longs(batch, 0, data.getShape().get(0)).toArray();
        NDArray index = manager.create(rows);
        NDArray x0 = starts.map(all -> all.get(index))
                .orElseGet(() -> source.start(manager, batch, spec.coupling(), reference, seed.child("source")));
        Coupling.Pairs pairs = new Coupling(space, spec).pair(x0, data.get(index));
        TimeSampler times = spec.time() == FlowSpec.TimeDistribution.BETA ? TimeSampler.BETA : TimeSampler.UNIFORM;
        NDArray t = Torch.array(manager, times.sample(batch, random), new Shape(batch, 1));
        Shape shape = new Shape(batch, space.size());
        NDArray noise = spec.sigma() > 0
                ? Torch.array(manager, seed.child("noise").gaussian(batch * space.size()), shape)
                : manager.zeros(shape);
        return space.geometry().probPath().sample(pairs.x0(), pairs.x1(), t, noise);
    }
}
