package dev.zooflow.actor;

import dev.zooflow.experiment.FlowSpec;
import dev.zooflow.graph.Activation;
import dev.zooflow.graph.Architecture;
import dev.zooflow.message.SafeTensors;
import dev.zooflow.model.WeightFlow;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Flows as safetensors: the arrays of the model as tensors of rank 1, what they belong to as metadata. */
final class FlowCodec {

    private static final String WIDTHS = "widths";
    private static final String ACTIVATION = "activation";
    private static final String SOURCE_STD = "source_std";

    private FlowCodec() {}

    static byte[] encode(WeightFlow flow) {
        Map<String, SafeTensors.Tensor> tensors = new LinkedHashMap<>();
        flow.arrays().forEach((name, values) -> tensors.put(name, SafeTensors.Tensor.of(values, values.length)));
        // In this order, so that equal flows are equal bytes in every process.
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("flow", flow.spec().name());
        metadata.put(WIDTHS, flow.architecture().toString());
        metadata.put(ACTIVATION, flow.architecture().activation().name());
        metadata.put(SOURCE_STD, Double.toString(flow.sourceStd()));
        return new SafeTensors(tensors, metadata).encode();
    }

    /**
     * The flow in these bytes.
     *
     * @param spec of the flow, as the experiment has it
     * @throws UnprocessableTaskException when they hold none, or one of another experiment
     */
    static WeightFlow decode(byte[] bytes, FlowSpec spec) {
        try {
            SafeTensors file = SafeTensors.decode(bytes);
            Map<String, float[]> arrays = new LinkedHashMap<>();
            file.tensors().forEach((name, tensor) -> arrays.put(name, tensor.floats()));
            double sourceStd = Double.parseDouble(metadata(file, SOURCE_STD));
            return WeightFlow.restore(spec, architecture(file), sourceStd, arrays);
        } catch (IllegalArgumentException e) {
            throw new UnprocessableTaskException(
                    "checkpoint of flow (%s): %s".formatted(spec.name(), e.getMessage()), e);
        }
    }

    private static Architecture architecture(SafeTensors file) {
        List<Integer> widths = Arrays.stream(metadata(file, WIDTHS).split("-", -1))
                .map(Integer::valueOf)
                .toList();
        return new Architecture(widths, Activation.valueOf(metadata(file, ACTIVATION)));
    }

    private static String metadata(SafeTensors file, String key) {
        String value = file.metadata().get(key);
        if (value == null) {
            throw new IllegalArgumentException("metadata (%s) is missing".formatted(key));
        }
        return value;
    }
}
