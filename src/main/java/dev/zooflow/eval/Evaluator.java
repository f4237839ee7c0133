package dev.zooflow.eval;

import dev.zooflow.data.Dataset;
import dev.zooflow.data.Split;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.ZooSpec;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.tensor.Seed;
import dev.zooflow.zoo.Trajectory;
import dev.zooflow.zoo.Zoo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Scores groups of networks against the training and held-out networks of one zoo, on the test split. Nothing is fitted
 * on test data or on held-out networks; alignment and baselines come from training networks only.
 *
 * <p>Held-out and training groups hold the last snapshot of each trajectory first, then snapshots at random until {@code
 * evaluation.networks} is reached. A training network is compared with networks of other trajectories only, since the
 * snapshots of one trajectory are near each other.
 *
 * <p>Distances are those of canonical weights without temperature, both sides aligned to the training networks'
 * reference. Model averaging and diversity take the first networks of a group whose probabilities fit into 64 MB, at
 * least 32; everything else takes all. A metric that is undefined, as the dispersion of a single network, is absent.
 * Thread-safe.
 */
public final class Evaluator implements AutoCloseable {

    private static final double FLOOR = 0.05;

    private final ExperimentSpec spec;
    private final Split test;
    private final Zoo zoo;
    private final AlignedZoo aligned;
    private final Seed seed;
    private final Novelty novelty;
    private final double heldOutDispersion;
    private final WeightHistogram weights;

    /**
     * Prepares: aligns the zoo, evaluates its training networks, measures held-out distances.
     *
     * @throws IllegalArgumentException if the zoo lacks training or held-out networks
     */
    public Evaluator(ExperimentSpec spec, Dataset data, Zoo zoo) {
        if (zoo.trajectories(false).isEmpty() || zoo.trajectories(true).isEmpty()) {
            throw new IllegalArgumentException("zoo (%d trajectories) needs training and held-out networks"
                    .formatted(zoo.trajectories().size()));
        }
        this.spec = spec;
        this.test = data.test();
        this.zoo = zoo;
        this.seed = new Seed(spec.seed()).child("evaluation");
        this.aligned = new AlignedZoo(zoo, seed.child("alignment"));
        WeightBatch heldOut = select(true).networks();
        float[] coordinates = aligned.coordinates(heldOut);
        double[] accuracy = doubles(Predictions.map(heldOut, test, Outcome::accuracy));
        this.novelty = new Novelty(
                aligned.distance().nearest(coordinates).distance(),
                Statistics.quantile(accuracy, FLOOR),
                Predictions.map(aligned.training(), test, Outcome::errors),
                zoo.trainingTrajectoryOf());
        this.heldOutDispersion = dispersion(coordinates);
        this.weights = WeightHistogram.around(aligned.training());
    }

    /**
     * Scores a group of generated networks.
     *
     * @param networks at least one
     * @throws IllegalArgumentException if a weight is not finite, or there is no network
     */
    public GroupScore score(String group, WeightBatch networks) {
        return score(group, networks, WeightDistance.nobody(networks.size()));
    }

    /** Scores held-out networks, training networks and every baseline; for a drawn zoo also what flows start from. */
    public List<GroupScore> baselines() {
        Baselines make = new Baselines(aligned, spec.evaluation().networks(), seed.child("baselines"));
        WeightBatch gaussian = make.gaussian();
        Selection train = select(false);
        List<GroupScore> scores = new ArrayList<>(List.of(
                score("held-out", select(true).networks()),
                score("train", train.networks(), train.trajectory()),
                score("noise-0.01", make.noise(0.01)),
                score("noise-0.05", make.noise(0.05)),
                score("soup-16", make.soup()),
                score("interpolation", make.interpolation()),
                score("gaussian", gaussian),
                score("retrieval", make.retrieval(gaussian))));
        if (spec.zoo().kind() == ZooSpec.Kind.GAUSSIAN) {
            scores.add(score("source", make.source(spec.zoo().initialStd())));
        }
        return scores;
    }

    /**
     * Loss barriers on the test split between the last snapshots of {@code evaluation.barrier-networks} training
     * trajectories: {@code unaligned} as trained, and {@code aligned} by neuron permutation, weights not rescaled.
     */
    public List<Barriers> barriers() {
        List<Trajectory> all = zoo.trajectories(false);
        List<WeightBatch> finals = all.stream()
                .limit(spec.evaluation().barrierNetworks())
                .map(Trajectory::last)
                .toList();
        if (finals.size() < 2) {
            return List.of();
        }
        WeightBatch networks = WeightBatch.concat(finals);
        return List.of(
                LossBarrier.of("unaligned", networks, test), LossBarrier.of("aligned", aligned.align(networks), test));
    }

    @Override
    public void close() {
        // Everything native is freed where it is used.
    }

    private GroupScore score(String group, WeightBatch networks, int[] excluded) {
        if (networks.size() == 0 || networks.nonFinite() > 0) {
            throw new IllegalArgumentException("group (%s) has %d networks with %d weights that are not finite numbers"
                    .formatted(group, networks.size(), networks.nonFinite()));
        }
        int kept = Math.min(
                networks.size(),
                Predictions.largestGroup(test, zoo.architecture().outputs()));
        Predictions p = Predictions.of(networks.slice(0, kept), test);
        List<Outcome> outcomes = new ArrayList<>(p.outcomes());
        outcomes.addAll(Predictions.map(networks.slice(kept, networks.size()), test, o -> o));
        Map<String, Double> values = new LinkedHashMap<>();
        Map<String, double[]> series = new LinkedHashMap<>();
        addPerformance(values, series, outcomes);
        addNovelty(values, series, networks, outcomes, excluded);
        weights.addTo(values, series, networks);
        if (kept > 1) {
            values.put("diversity", Diversity.jensenShannon(p, seed.child("diversity")));
        }
        ModelAverage.of(p, spec.evaluation().calibrationBins()).addTo(values, series);
        values.values().removeIf(v -> !Double.isFinite(v));
        series.values().removeIf(s -> !Double.isFinite(Statistics.mean(s)));
        return new GroupScore(group, networks.size(), values, series);
    }

    private static void addPerformance(
            Map<String, Double> values, Map<String, double[]> series, List<Outcome> outcomes) {
        double[] accuracy = outcomes.stream().mapToDouble(Outcome::accuracy).toArray();
        double[] loss = outcomes.stream().mapToDouble(Outcome::loss).toArray();
        values.put("accuracy_mean", Statistics.mean(accuracy));
        values.put("accuracy_std", Statistics.std(accuracy));
        values.put("loss_mean", Statistics.mean(loss));
        values.put("loss_std", Statistics.std(loss));
        series.put("accuracy", accuracy);
        series.put("loss", loss);
    }

    private void addNovelty(
            Map<String, Double> values,
            Map<String, double[]> series,
            WeightBatch networks,
            List<Outcome> outcomes,
            int[] excluded) {
        float[] coordinates = aligned.coordinates(networks);
        WeightDistance.Nearest nearest = aligned.distance().nearest(coordinates, excluded);
        novelty.addTo(values, series, nearest.distance(), series.get("accuracy"));
        List<Outcome> models = Predictions.map(aligned.training().select(nearest.index()), test, o -> o);
        int n = outcomes.size();
        values.put(
                "error_similarity_mean",
                IntStream.range(0, n)
                                .parallel()
                                .mapToDouble(i ->
                                        novelty.errorSimilarity(outcomes.get(i).errors(), excluded[i]))
                                .sum()
                        / n);
        values.put("dispersion", dispersion(coordinates) / heldOutDispersion);
        values.put(
                "disagreement",
                IntStream.range(0, n)
                                .mapToDouble(i -> outcomes.get(i).disagreement(models.get(i)))
                                .sum()
                        / n);
    }

    private double dispersion(float[] coordinates) {
        return Statistics.dispersion(
                coordinates, aligned.size(), zoo.architecture().parameters());
    }

    private Selection select(boolean heldOut) {
        return Selection.of(zoo, heldOut, spec.evaluation().networks(), seed.child("selection"));
    }

    private static double[] doubles(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
