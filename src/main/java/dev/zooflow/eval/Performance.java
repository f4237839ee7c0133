package dev.zooflow.eval;

import dev.zooflow.data.Split;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.tensor.Seed;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How well networks do on a split, whatever they come from: accuracy, loss, diversity and model averaging.
 *
 * @param networks that were evaluated
 * @param outcomes one per network
 * @param values summary by snake_case name
 * @param series one value per network, or per ensemble size
 */
record Performance(
        WeightBatch networks, List<Outcome> outcomes, Map<String, Double> values, Map<String, double[]> series) {

    /**
     * Evaluates a group.
     *
     * @param bins of the calibration error
     * @param seed of the pairs in which diversity is measured
     * @throws IllegalArgumentException if a weight is not finite, or there is no network
     */
    static Performance of(String group, WeightBatch networks, Split split, int bins, Seed seed) {
        if (networks.size() == 0 || networks.nonFinite() > 0) {
            throw new IllegalArgumentException("group (%s) has %d networks with %d weights that are not finite numbers"
                    .formatted(group, networks.size(), networks.nonFinite()));
        }
        int kept = Math.min(
                networks.size(),
                Predictions.largestGroup(split, networks.architecture().outputs()));
        Predictions p = Predictions.of(networks.slice(0, kept), split);
        List<Outcome> outcomes = new ArrayList<>(p.outcomes());
        outcomes.addAll(Predictions.map(networks.slice(kept, networks.size()), split, o -> o));
        Performance out = new Performance(networks, outcomes, new LinkedHashMap<>(), new LinkedHashMap<>());
        out.add("accuracy", outcomes.stream().mapToDouble(Outcome::accuracy).toArray());
        out.add("loss", outcomes.stream().mapToDouble(Outcome::loss).toArray());
        if (kept > 1) {
            out.values.put("diversity", Diversity.jensenShannon(p, seed));
        }
        ModelAverage.of(p, bins).addTo(out.values, out.series);
        return out;
    }

    private void add(String name, double[] perNetwork) {
        values.put(name + "_mean", Statistics.mean(perNetwork));
        values.put(name + "_std", Statistics.std(perNetwork));
        series.put(name, perNetwork);
    }

    /** The score of the group, without what is not finite. */
    GroupScore score(String group, int gradientSteps) {
        values.put("gradient_steps", (double) gradientSteps);
        values.values().removeIf(v -> !Double.isFinite(v));
        series.values().removeIf(s -> !Double.isFinite(Statistics.mean(s)));
        return new GroupScore(group, networks.size(), values, series);
    }
}
