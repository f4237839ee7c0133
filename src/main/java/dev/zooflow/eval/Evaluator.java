package dev.zooflow.eval;

import dev.zooflow.data.Dataset;
import dev.zooflow.data.Split;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.SweepSpec;
import dev.zooflow.experiment.ZooSpec;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.tensor.Seed;
import dev.zooflow.zoo.Descent;
import dev.zooflow.zoo.InitialWeights;
import dev.zooflow.zoo.Refinement;
import dev.zooflow.zoo.Trajectory;
import dev.zooflow.zoo.Zoo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Scores groups of networks against the training and held-out networks of one zoo, on the test split; generated ones also on
 * the validation split, for nothing is selected by the other. Nothing is fitted
 * on test data or on held-out networks; alignment and baselines come from training networks only, refinement learns from the
 * training split.
 *
 * <p>Held-out and training groups hold the last snapshot of each trajectory first, then snapshots at random until {@code
 * evaluation.networks} is reached. A training network is compared with networks of other trajectories only, since the
 * snapshots of one trajectory are near each other.
 *
 * <p>Distances are those of canonical weights without temperature, both sides aligned to the training networks'
 * reference. Model averaging and diversity take the first networks of a group whose probabilities fit into 64 MB, at
 * least 32; everything else takes all. Networks of another architecture than the zoo's have performance only. A metric that is undefined, as the dispersion of a single network, is absent.
 * Thread-safe.
 */
public final class Evaluator implements AutoCloseable {

    private static final double FLOOR = 0.05;
    /** Values of each network that choose among them. */
    private static final List<String> SELECTING = List.of("accuracy", "loss");

    private final ExperimentSpec spec;
    private final Split train;
    private final Split test;
    private final Zoo zoo;
    private final AlignedZoo aligned;
    private final Seed seed;
    private final Novelty novelty;
    private final double heldOutDispersion;
    private final WeightHistogram weights;
    private final Optional<Evaluator> validation;

    /**
     * Prepares: aligns the zoo, evaluates its training networks, measures held-out distances.
     *
     * @throws IllegalArgumentException if the zoo lacks training or held-out networks
     */
    public Evaluator(ExperimentSpec spec, Dataset data, Zoo zoo) {
        this(spec, data, zoo, align(spec, zoo));
    }

    private Evaluator(ExperimentSpec spec, Dataset data, Zoo zoo, AlignedZoo aligned) {
        this(
                spec,
                data.train(),
                data.test(),
                zoo,
                aligned,
                Optional.of(new Evaluator(spec, data.train(), data.validation(), zoo, aligned, Optional.empty())));
    }

    private static AlignedZoo align(ExperimentSpec spec, Zoo zoo) {
        if (zoo.trajectories(false).isEmpty() || zoo.trajectories(true).isEmpty()) {
            throw new IllegalArgumentException("zoo (%d trajectories) needs training and held-out networks"
                    .formatted(zoo.trajectories().size()));
        }
        return new AlignedZoo(zoo, seed(spec).child("alignment"));
    }

    private Evaluator(
            ExperimentSpec spec, Split train, Split test, Zoo zoo, AlignedZoo aligned, Optional<Evaluator> validation) {
        this.spec = spec;
        this.train = train;
        this.test = test;
        this.zoo = zoo;
        this.seed = seed(spec);
        this.aligned = aligned;
        this.validation = validation;
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

    private static Seed seed(ExperimentSpec spec) {
        return new Seed(spec.seed()).child("evaluation");
    }

    /**
     * Scores the networks of a flow. Every value of the validation split stands beside that of the test split, its name after
     * {@value SweepSpec.Metric#VALIDATION}, and so do accuracy and loss of each network.
     *
     * @param networks at least one
     * @param gradientSteps that each network followed
     */
    public GroupScore generated(String group, WeightBatch networks, int gradientSteps) {
        int[] nobody = WeightDistance.nobody(networks.size());
        Performance performance = performance(group, networks);
        Optional<Place> place = place(networks, nobody);
        GroupScore score = completed(performance, place, nobody).score(group, gradientSteps);
        validation
                .map(v -> v.completed(v.performance(group, networks), place, nobody)
                        .score(group, gradientSteps))
                .ifPresent(other -> {
                    other.values()
                            .forEach((name, value) -> score.values().put(SweepSpec.Metric.VALIDATION + name, value));
                    SELECTING.stream()
                            .filter(other.series()::containsKey)
                            .forEach(name -> score.series()
                                    .put(
                                            SweepSpec.Metric.VALIDATION + name,
                                            other.series().get(name)));
                });
        return score;
    }

    /**
     * Scores a group of networks.
     *
     * @param networks at least one
     * @throws IllegalArgumentException if a weight is not finite, or there is no network
     */
    public GroupScore score(String group, WeightBatch networks) {
        return score(group, networks, 0);
    }

    /**
     * Scores a group of networks that followed so many gradients of the task's loss.
     *
     * @param networks at least one
     */
    public GroupScore score(String group, WeightBatch networks, int gradientSteps) {
        return score(group, networks, WeightDistance.nobody(networks.size()), gradientSteps);
    }

    /**
     * Scores a group after each of {@code evaluation.refinement} numbers k of further gradient steps, as group+k. Every
     * group sees the same mini-batches.
     *
     * @param gradientSteps before the refinement
     */
    public List<GroupScore> refined(String group, WeightBatch networks, int gradientSteps) {
        return spec.evaluation().refinement().stream()
                .map(k -> generated(group + "+" + k, refine(networks, k), gradientSteps + k))
                .toList();
    }

    private WeightBatch refine(WeightBatch networks, int k) {
        Descent descent = Descent.of(spec.sampling().refine());
        try (Refinement refinement = new Refinement(networks, descent, train, seed.child("refinement"))) {
            return refinement.step(k).networks();
        }
    }

    /** Scores held-out networks, training networks and every baseline; for a drawn zoo also what flows start from. */
    public List<GroupScore> baselines() {
        Baselines make = new Baselines(aligned, spec.evaluation().networks(), seed.child("baselines"));
        WeightBatch gaussian = make.gaussian();
        Selection trained = select(false);
        WeightBatch soup = make.soup();
        List<GroupScore> scores = new ArrayList<>(List.of(
                score("held-out", select(true).networks()),
                score("train", trained.networks(), trained.trajectory(), 0),
                score("noise-0.01", make.noise(0.01)),
                score("noise-0.05", make.noise(0.05)),
                score("soup-16", soup),
                score("interpolation", make.interpolation()),
                score("gaussian", gaussian),
                score("gaussian-joint", make.jointGaussian()),
                score("retrieval", make.retrieval(gaussian))));
        if (spec.zoo().kind() == ZooSpec.Kind.GAUSSIAN) {
            scores.add(score("source", make.source(spec.zoo().initialStd())));
        }
        scores.addAll(refined("random", random(), 0));
        scores.addAll(refined("soup-16", soup, 0));
        return scores;
    }

    private WeightBatch random() {
        return InitialWeights.draw(
                zoo.architecture(),
                spec.zoo().initialStd(),
                seed.child("random"),
                0,
                spec.evaluation().networks());
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

    /**
     * Where networks are among those of the zoo.
     *
     * @param coordinates canonical, aligned
     * @param nearest training networks
     */
    private record Place(float[] coordinates, WeightDistance.Nearest nearest) {}

    /** Where they are; empty for networks of another architecture. */
    private Optional<Place> place(WeightBatch networks, int[] excluded) {
        if (!networks.architecture().equals(zoo.architecture())) {
            return Optional.empty();
        }
        float[] coordinates = aligned.coordinates(networks);
        return Optional.of(new Place(coordinates, aligned.distance().nearest(coordinates, excluded)));
    }

    private GroupScore score(String group, WeightBatch networks, int[] excluded, int gradientSteps) {
        Performance performance = performance(group, networks);
        return completed(performance, place(networks, excluded), excluded).score(group, gradientSteps);
    }

    private Performance performance(String group, WeightBatch networks) {
        return Performance.of(group, networks, test, spec.evaluation().calibrationBins(), seed.child("diversity"));
    }

    /** Adds to what networks do what they are. */
    private Performance completed(Performance performance, Optional<Place> place, int[] excluded) {
        place.ifPresent(p -> addNovelty(performance, p, excluded));
        weights.addTo(performance.values(), performance.series(), performance.networks());
        return performance;
    }

    private void addNovelty(Performance performance, Place place, int[] excluded) {
        Map<String, Double> values = performance.values();
        Map<String, double[]> series = performance.series();
        List<Outcome> outcomes = performance.outcomes();
        float[] coordinates = place.coordinates();
        WeightDistance.Nearest nearest = place.nearest();
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
