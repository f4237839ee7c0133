package dev.zooflow.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.zooflow.experiment.TaskShape;
import dev.zooflow.experiment.TaskSpec;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.message.Event.GeneratedNetworks;
import dev.zooflow.message.Event.Score;
import dev.zooflow.message.Event.ZooTrajectory;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * What hidden neurons of the first layer look for, where the input is a square image: each neuron's incoming weights as a
 * picture, divided by the largest of them and rounded to 8 bits.
 */
final class WeightPictures {

    private static final int NETWORKS = 4;
    private static final int NEURONS = 16;

    private WeightPictures() {}

    /** {@code [{group, networks: [{accuracy, side, neurons: [base64 of int8 …]}]}]}; empty where the input is no image. */
    static ArrayNode of(RunRecord record) {
        ArrayNode out = Json.array();
        Optional<TaskSpec> task = record.spec().map(s -> s.task());
        if (!record.heldOut().isEmpty()) {
            List<WeightBatch> trained =
                    record.heldOut().stream().map(ZooTrajectory::snapshots).toList();
            add(out, task, "held-out", WeightBatch.concat(trained), new double[0]);
        }
        for (GeneratedNetworks g : record.generated()) {
            String group = Groups.generated(g.flow());
            double[] accuracy = record.score(group)
                    .map(Score::series)
                    .map(series -> series.get("accuracy"))
                    .orElse(new double[0]);
            add(out, task, group, g.networks(), accuracy);
        }
        return out;
    }

    private static void add(
            ArrayNode out, Optional<TaskSpec> task, String group, WeightBatch networks, double[] accuracy) {
        LayerLayout layout = LayerLayout.of(networks.architecture());
        int side = task.map(t -> side(t, layout)).orElse(0);
        if (side == 0 || networks.size() == 0 || layout.hiddenLayers().isEmpty()) {
            return;
        }
        ObjectNode node = out.addObject();
        node.put("group", group);
        ArrayNode list = node.putArray("networks");
        for (int i = 0; i < Math.min(NETWORKS, networks.size()); i++) {
            ObjectNode network = list.addObject();
            network.put("side", side);
            Json.put(network, "accuracy", i < accuracy.length ? accuracy[i] : Double.NaN);
            ArrayNode neurons = network.putArray("neurons");
            for (int k = 0; k < Math.min(NEURONS, layout.layers().get(0).fanOut()); k++) {
                neurons.add(picture(layout, networks, i, k));
            }
        }
    }

    /** Side of the image in pixels; 0 where the input is no square image. */
    private static int side(TaskSpec task, LayerLayout layout) {
        int inputs = layout.architecture().inputs();
        int side = (int) Math.round(Math.sqrt(inputs));
        boolean isImage = task.kind() == TaskSpec.Kind.IDX
                || TaskShape.of(task).map(TaskShape::imageSide).orElse(0) == side;
        return isImage && side * side == inputs ? side : 0;
    }

    private static String picture(LayerLayout layout, WeightBatch networks, int network, int neuron) {
        LayerLayout.Layer first = layout.layers().get(0);
        int from = network * layout.size() + first.weightOffset() + neuron * first.fanIn();
        float[] weights = Arrays.copyOfRange(networks.theta(), from, from + first.fanIn());
        float largest = Float.MIN_NORMAL;
        for (float w : weights) {
            largest = Math.max(largest, Math.abs(w));
        }
        byte[] pixels = new byte[weights.length];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) Math.round(127 * weights[i] / largest);
        }
        return Base64.getEncoder().encodeToString(pixels);
    }
}
