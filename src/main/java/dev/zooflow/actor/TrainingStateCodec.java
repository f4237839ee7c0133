package dev.zooflow.actor;

import dev.zooflow.message.SafeTensors;
import dev.zooflow.model.TrainingState;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * States of a training as safetensors: the arrays as tensors of rank 1, the numbers and whose training it is as metadata.
 * Doubles are written so that every bit comes back.
 *
 * @param task name of the training
 * @param identity SHA-256 of all that the training depends on
 */
record TrainingStateCodec(String task, String identity) {

    private static final String FORMAT = "format";
    private static final String VERSION = "zooflow-training-state-1";
    private static final String TASK = "task";
    private static final String IDENTITY = "identity";
    private static final String STEP = "step";
    private static final String SECONDS = "seconds";
    private static final String CHECKPOINTS = "checkpoints";
    private static final String CHECKPOINT_SECONDS = "checkpoint_seconds";
    private static final String LOSS_SUM = "loss_sum";
    private static final String LOSS_COUNT = "loss_count";

    byte[] encode(TrainingState state) {
        Map<String, SafeTensors.Tensor> tensors = new TreeMap<>();
        state.arrays().forEach((name, values) -> tensors.put(name, SafeTensors.Tensor.of(values, values.length)));
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put(FORMAT, VERSION);
        metadata.put(TASK, task);
        metadata.put(IDENTITY, identity);
        metadata.put(STEP, Long.toString(state.step()));
        metadata.put(SECONDS, Double.toString(state.seconds()));
        metadata.put(CHECKPOINTS, Integer.toString(state.checkpoints()));
        metadata.put(CHECKPOINT_SECONDS, Double.toString(state.checkpointSeconds()));
        metadata.put(LOSS_SUM, Double.toString(state.lossSum()));
        metadata.put(LOSS_COUNT, Integer.toString(state.lossCount()));
        return new SafeTensors(tensors, metadata).encode();
    }

    /**
     * The state in these bytes.
     *
     * @throws IllegalArgumentException when they hold none, or that of another training
     */
    TrainingState decode(byte[] bytes) {
        SafeTensors file = SafeTensors.decode(bytes);
        expect(file, FORMAT, VERSION);
        expect(file, TASK, task);
        expect(file, IDENTITY, identity);
        Map<String, float[]> arrays = new TreeMap<>();
        file.tensors().forEach((name, tensor) -> arrays.put(name, tensor.floats()));
        return new TrainingState(
                Long.parseLong(metadata(file, STEP)),
                Double.parseDouble(metadata(file, SECONDS)),
                Integer.parseInt(metadata(file, CHECKPOINTS)),
                Double.parseDouble(metadata(file, CHECKPOINT_SECONDS)),
                Double.parseDouble(metadata(file, LOSS_SUM)),
                Integer.parseInt(metadata(file, LOSS_COUNT)),
                arrays);
    }

    private static void expect(SafeTensors file, String key, String value) {
        String found = metadata(file, key);
        if (!found.equals(value)) {
            throw new IllegalArgumentException(
                    "%s (%s) is not %s. Maybe the state of another experiment?".formatted(key, found, value));
        }
    }

    private static String metadata(SafeTensors file, String key) {
        String value = file.metadata().get(key);
        if (value == null) {
            throw new IllegalArgumentException("metadata (%s) is missing".formatted(key));
        }
        return value;
    }
}
