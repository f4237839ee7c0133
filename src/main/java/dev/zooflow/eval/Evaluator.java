package dev.zooflow.eval;

import dev.zooflow.data.Dataset;
import dev.zooflow.data.Split;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.tensor.Seed;
import dev.zooflow.zoo.Trajectory;
import dev.zooflow.zoo.Zoo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Scores groups of networks against the training and held-out networks of one zoo, on the test split. Nothing is fitted
 * on test data or on held-out networks; alignment and baselines come from training networks only.
 *
 * <p>Held-out and training groups hold the last snapshot of each trajectory first, then snapshots at random until {@code
 * evaluation.networks} is reached. A training network is compared with networks of other trajectories only, since the
 * snapshots of one trajectory are near each other. Thread-safe.
 */
public final class Evaluator implements AutoCloseable {

    private static final int AT_ONCE = 64;

    private final ExperimentSpec spec;
    private final Split test;
    private final Zoo zoo;
    private final AlignedZoo aligned;
    private final Seed seed;
    private final byte[][] trainingClasses;
    private final Novelty novelty;
    private final double heldOutDispersion;

    /** Prepares: aligns the zoo, evaluates its training networks, measures held-out distances. */
    public Evaluator(ExperimentSpec spec, Dataset data, Zoo zoo) {
        this.spec = spec;
        this.test = data.test();
        this.zoo = zoo;
        this.seed = new Seed(spec.seed()).child("evaluation");
        this.aligned = new AlignedZoo(zoo, seed.child("alignment"));
        this.trainingClasses = new byte[aligned.raw().size()][];
        List<BitSet> errors = classifyTraining();
        WeightBatch heldOut = select(true).networks();
        float[] coordinates = aligned.coordinates(heldOut);
        double[] distance = nearest(coordinates, nobody(heldOut.size())).distance();
        double floor = Statistics.quantile(accuracies(Predictions.of(heldOut, test)), 0.05);
        this.novelty = new Novelty(distance, floor, errors, zoo.trainingTrajectoryOf());
        this.heldOutDispersion =
                Statistics.dispersion(coordinates, zoo.architecture().parameters());
    }

    // A whole zoo's probabilities would not fit; its predicted classes and errors do.
    private List<BitSet> classifyTraining() {
        List<BitSet> errors = new ArrayList<>();
        for (int from = 0; from < trainingClasses.length; from += AT_ONCE) {
            int to = Math.min(trainingClasses.length, from + AT_ONCE);
            Predictions p = Predictions.of(aligned.raw().slice(from, to), test);
            for (int i = 0; i < p.networks(); i++) {
                trainingClasses[from + i] = p.predictedClasses(i);
                errors.add(p.errors(i));
            }
        }
        return errors;
    }

    private record Selection(WeightBatch networks, int[] trajectory) {}

    /** Scores a group of generated networks. */
    public GroupScore score(String group, WeightBatch networks) {
        return score(group, networks, nobody(networks.size()));
    }

    /** Scores held-out networks, training networks and every baseline. */
    public List<GroupScore> baselines() {
        int n = spec.evaluation().networks();
        Baselines make = new Baselines(aligned, n, seed.child("baselines"));
        WeightBatch gaussian = make.gaussian();
        Selection train = select(false);
        return List.of(
                score("held-out", select(true).networks()),
                score("train", train.networks(), train.trajectory()),
                score("noise-0.01", make.noise(0.01)),
                score("noise-0.05", make.noise(0.05)),
                score("soup-16", make.soup()),
                score("interpolation", make.interpolation()),
                score("gaussian", gaussian),
                score("retrieval", make.retrieval(gaussian)));
    }

    /** Loss barriers between training networks of different trajectories, as trained and aligned by permutation. */
    public List<Barriers> barriers() {
        List<Trajectory> trajectories = zoo.trajectories(false);
        int n = Math.min(spec.evaluation().barrierNetworks(), trajectories.size());
        int[] rows = new int[n];
        int row = -1;
        for (int i = 0; i < n; i++) {
            row += trajectories.get(i).snapshots().size();
            rows[i] = row;
        }
        return List.of(
                LossBarrier.of("unaligned", aligned.raw().select(rows), test),
                LossBarrier.of("aligned", aligned.aligned().select(rows), test));
    }

    @Override
    public void close() {
        // Everything native is freed where it is used.
    }

    private GroupScore score(String group, WeightBatch networks, int[] excluded) {
        Predictions p = Predictions.of(networks, test);
        Map<String, Double> values = new LinkedHashMap<>();
        Map<String, double[]> series = new LinkedHashMap<>();
        double[] accuracy = accuracies(p);
        double[] loss = new double[p.networks()];
        Arrays.setAll(loss, p::loss);
        values.put("accuracy_mean", Statistics.mean(accuracy));
        values.put("accuracy_std", Statistics.std(accuracy));
        values.put("loss_mean", Statistics.mean(loss));
        values.put("loss_std", Statistics.std(loss));
        series.put("accuracy", accuracy);
        series.put("loss", loss);
        float[] coordinates = aligned.coordinates(networks);
        WeightDistance.Nearest nearest = nearest(coordinates, excluded);
        novelty.addTo(values, series, nearest.distance(), accuracy);
        addFunctional(values, p, nearest, excluded);
        if (p.networks() > 1) {
            values.put(
                    "dispersion",
                    Statistics.dispersion(coordinates, zoo.architecture().parameters()) / heldOutDispersion);
            values.put("diversity", Diversity.jensenShannon(p, seed.child("diversity")));
        }
        ModelAverage.of(p, spec.evaluation().calibrationBins()).addTo(values, series);
        values.values().removeIf(v -> !Double.isFinite(v));
        return new GroupScore(group, p.networks(), values, series);
    }

    private void addFunctional(
            Map<String, Double> values, Predictions p, WeightDistance.Nearest nearest, int[] excluded) {
        double[] similarity = new double[p.networks()];
        double[] disagreement = new double[p.networks()];
        for (int i = 0; i < p.networks(); i++) {
            similarity[i] = novelty.errorSimilarity(p.errors(i), excluded[i]);
            int differing = 0;
            for (int t = 0; t < p.examples(); t++) {
                differing += p.predicted(i, t) != Byte.toUnsignedInt(trainingClasses[nearest.index()[i]][t]) ? 1 : 0;
            }
            disagreement[i] = (double) differing / p.examples();
        }
        values.put("error_similarity_mean", Statistics.mean(similarity));
        values.put("disagreement", Statistics.mean(disagreement));
    }

    private WeightDistance.Nearest nearest(float[] coordinates, int[] excluded) {
        return aligned.distance().nearest(coordinates, excluded);
    }

    private Selection select(boolean heldOut) {
        List<Trajectory> trajectories = zoo.trajectories(heldOut);
        WeightBatch all = heldOut ? zoo.heldOut() : zoo.training();
        int n = Math.min(spec.evaluation().networks(), all.size());
        int[] trajectoryOf = new int[all.size()];
        List<Integer> finals = new ArrayList<>();
        List<Integer> others = new ArrayList<>();
        int row = 0;
        for (Trajectory t : trajectories) {
            for (int s = 0; s < t.snapshots().size(); s++, row++) {
                trajectoryOf[row] = t.index();
                (s == t.snapshots().size() - 1 ? finals : others).add(row);
            }
        }
        Collections.shuffle(others, new Random(seed.child("others").value()));
        List<Integer> rows = new ArrayList<>(finals);
        rows.addAll(others);
        int[] chosen = rows.stream().limit(n).mapToInt(Integer::intValue).toArray();
        int[] trajectory = Arrays.stream(chosen).map(r -> trajectoryOf[r]).toArray();
        return new Selection(all.select(chosen), trajectory);
    }

    private static double[] accuracies(Predictions p) {
        double[] accuracy = new double[p.networks()];
        Arrays.setAll(accuracy, p::accuracy);
        return accuracy;
    }

    private static int[] nobody(int n) {
        int[] out = new int[n];
        Arrays.fill(out, -1);
        return out;
    }
}
