package dev.zooflow.message;

import dev.zooflow.experiment.RunId;
import dev.zooflow.graph.Activation;
import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.message.SafeTensors.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Messages that carry networks, as safetensors: the tensor {@code weights} F32 [n, D], scalars as texts in the metadata. A
 * trajectory has {@code steps} I64 [n] and {@code validation_accuracy} F32 [n] besides.
 */
final class WeightsPayload {

    // What is written here has less than 1 KiB, and a header may take twenty times its size to read.
    private static final int MAX_HEADER = 1 << 16;
    private static final String WEIGHTS = "weights";
    private static final String STEPS = "steps";
    private static final String GRADIENT_STEPS = "gradient_steps";
    private static final String ACCURACY = "validation_accuracy";

    private WeightsPayload() {}

    /** Whether messages of this type are written here, and not as JSON. */
    static boolean covers(Class<? extends Message> type) {
        return type == Event.ZooTrajectory.class || type == Event.GeneratedNetworks.class;
    }

    /** About how many bytes {@link #write} makes. */
    static long estimate(Message message) {
        WeightBatch networks;
        if (message instanceof Event.ZooTrajectory t) {
            networks = t.snapshots();
        } else if (message instanceof Event.GeneratedNetworks g) {
            networks = g.networks();
        } else {
            throw new IllegalArgumentException(message.getClass() + " carries no weights");
        }
        return (long) networks.theta().length * Float.BYTES;
    }

    static byte[] write(Message message) {
        SafeTensors file;
        if (message instanceof Event.ZooTrajectory t) {
            file = write(t);
        } else if (message instanceof Event.GeneratedNetworks g) {
            file = write(g);
        } else {
            throw new IllegalArgumentException(message.getClass() + " carries no weights");
        }
        return file.encode();
    }

    private static SafeTensors write(Event.ZooTrajectory t) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put(WEIGHTS, weights(t.snapshots()));
        tensors.put(STEPS, Tensor.of(Arrays.stream(t.steps()).asLongStream().toArray(), t.steps().length));
        tensors.put(ACCURACY, Tensor.of(t.validationAccuracy(), t.validationAccuracy().length));
        Map<String, String> scalars = scalars(t.run(), t.snapshots().architecture());
        scalars.put("trajectory", String.valueOf(t.trajectory()));
        scalars.put("held_out", String.valueOf(t.heldOut()));
        return new SafeTensors(tensors, scalars);
    }

    private static SafeTensors write(Event.GeneratedNetworks g) {
        Map<String, String> scalars = scalars(g.run(), g.networks().architecture());
        scalars.put("flow", g.flow());
        scalars.put("variant", g.variant());
        scalars.put("checkpoint", String.valueOf(g.checkpoint()));
        scalars.put("step", String.valueOf(g.step()));
        scalars.put("seconds", String.valueOf(g.seconds()));
        scalars.put("last", String.valueOf(g.last()));
        if (g.gradientSteps() > 0) {
            scalars.put(GRADIENT_STEPS, String.valueOf(g.gradientSteps()));
        }
        return new SafeTensors(Map.of(WEIGHTS, weights(g.networks())), scalars);
    }

    private static Tensor weights(WeightBatch batch) {
        refuseNonFinite(batch);
        return Tensor.of(batch.theta(), batch.size(), batch.architecture().parameters());
    }

    private static Map<String, String> scalars(RunId run, Architecture architecture) {
        Map<String, String> scalars = new LinkedHashMap<>();
        scalars.put("run", run.value());
        scalars.put("widths", architecture.toString());
        scalars.put("activation", architecture.activation().name().toLowerCase(Locale.ROOT));
        return scalars;
    }

    static Message read(byte[] bytes, Class<? extends Message> type) throws MalformedMessageException {
        try {
            SafeTensors file = SafeTensors.decode(bytes, MAX_HEADER);
            return type == Event.ZooTrajectory.class ? trajectory(file) : generated(file);
        } catch (IllegalArgumentException | IllegalStateException | ArithmeticException e) {
            throw new MalformedMessageException(
                    "safetensors of %s: %s".formatted(type.getSimpleName(), e.getMessage()), e);
        }
    }

    private static Event.ZooTrajectory trajectory(SafeTensors file) {
        WeightBatch snapshots = batch(file);
        int[] steps = Arrays.stream(file.tensor(STEPS).longs())
                .mapToInt(Math::toIntExact)
                .toArray();
        float[] accuracy = file.tensor(ACCURACY).floats();
        if (steps.length != snapshots.size() || accuracy.length != snapshots.size()) {
            throw new IllegalArgumentException("%d steps and %d accuracies for %d snapshots"
                    .formatted(steps.length, accuracy.length, snapshots.size()));
        }
        int index = Integer.parseInt(scalar(file, "trajectory"));
        return new Event.ZooTrajectory(run(file), index, flag(file, "held_out"), steps, accuracy, snapshots);
    }

    private static Event.GeneratedNetworks generated(SafeTensors file) {
        return new Event.GeneratedNetworks(
                run(file),
                scalar(file, "flow"),
                scalar(file, "variant"),
                Integer.parseInt(scalar(file, "checkpoint")),
                Long.parseLong(scalar(file, "step")),
                Double.parseDouble(scalar(file, "seconds")),
                flag(file, "last"),
                Integer.parseInt(file.metadata().getOrDefault(GRADIENT_STEPS, "0")),
                batch(file));
    }

    private static WeightBatch batch(SafeTensors file) {
        List<Integer> widths = Stream.of(scalar(file, "widths").split("-", 100))
                .map(Integer::valueOf)
                .toList();
        Activation activation = Activation.valueOf(scalar(file, "activation").toUpperCase(Locale.ROOT));
        Architecture architecture = new Architecture(widths, activation);
        Tensor weights = file.tensor(WEIGHTS);
        long[] shape = weights.shape();
        if (weights.dtype() != Dtype.F32 || shape.length != 2 || shape[1] != architecture.parameters()) {
            throw new IllegalArgumentException("weights (%s) are not F32[n, %d], as %s needs"
                    .formatted(weights, architecture.parameters(), architecture));
        }
        WeightBatch batch = new WeightBatch(architecture, weights.floats());
        refuseNonFinite(batch);
        return batch;
    }

    private static void refuseNonFinite(WeightBatch batch) {
        int bad = batch.nonFinite();
        if (bad > 0) {
            throw new IllegalArgumentException("%d of %d weights are NaN or infinite. Maybe the training diverged?"
                    .formatted(bad, batch.theta().length));
        }
    }

    private static RunId run(SafeTensors file) {
        return new RunId(scalar(file, "run"));
    }

    private static boolean flag(SafeTensors file, String name) {
        return switch (scalar(file, name)) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw new IllegalArgumentException(
                        "%s (%s) is neither true nor false".formatted(name, scalar(file, name)));
        };
    }

    private static String scalar(SafeTensors file, String name) {
        String value = file.metadata().get(name);
        if (value == null) {
            throw new IllegalArgumentException("metadata (%s) is missing".formatted(name));
        }
        return value;
    }
}
