package dev.zooflow.report;

import dev.zooflow.message.Event.Score;
import java.util.List;
import java.util.OptionalDouble;

/**
 * A column of the table of scores.
 *
 * @param section heading over several columns
 * @param title heading
 * @param key of the value
 * @param spread key of its standard deviation; empty without one
 * @param percent whether the value is a fraction shown in percent
 * @param aim what is good
 * @param explanation in one sentence
 */
record ScoreColumn(
        String section, String title, String key, String spread, boolean percent, Aim aim, String explanation) {

    /** What a good value is. */
    enum Aim {
        HIGH,
        LOW,
        /** As for held-out networks: 1. */
        ONE,
        /** Neither more nor less: 0. */
        ZERO
    }

    static final List<ScoreColumn> ALL = List.of(
            new ScoreColumn(
                    "Quality",
                    "accuracy %",
                    "accuracy_mean",
                    "accuracy_std",
                    true,
                    Aim.HIGH,
                    "Share of the test examples classified correctly, mean ± standard deviation over networks."),
            new ScoreColumn(
                    "Quality",
                    "loss",
                    "loss_mean",
                    "loss_std",
                    false,
                    Aim.LOW,
                    "Cross-entropy on the test split, mean ± standard deviation over networks."),
            new ScoreColumn(
                    "Novelty",
                    "nn ratio",
                    "nn_ratio_mean",
                    "",
                    false,
                    Aim.ONE,
                    "Distance to the nearest training network, after canonicalising and aligning, divided by the median"
                            + " of that distance for held-out networks: 1 is as far as a really new network, 0 a copy."),
            new ScoreColumn(
                    "Novelty",
                    "Z_U",
                    "z_u",
                    "",
                    false,
                    Aim.ZERO,
                    "Mann–Whitney statistic of these distances against held-out networks; strongly negative is copying"
                            + " (Meehan et al. 2020)."),
            new ScoreColumn(
                    "Novelty",
                    "copies %",
                    "copy_rate",
                    "",
                    true,
                    Aim.LOW,
                    "Share of networks nearer to a training network than a third of the held-out median."),
            new ScoreColumn(
                    "Novelty",
                    "error sim.",
                    "error_similarity_mean",
                    "",
                    false,
                    Aim.LOW,
                    "Overlap of the misclassified test examples with those of the most similar training network (Jaccard;"
                            + " 1 is the same errors)."),
            new ScoreColumn(
                    "Novel and performant %",
                    "≥ 0.5",
                    "novel_performant_050",
                    "",
                    true,
                    Aim.HIGH,
                    "Share of networks with nn ratio ≥ 0.5 that are no worse than the held-out 5th percentile."),
            new ScoreColumn(
                    "Novel and performant %",
                    "≥ 0.75", "novel_performant_075", "", true, Aim.HIGH, "The same with nn ratio ≥ 0.75."),
            new ScoreColumn(
                    "Novel and performant %",
                    "≥ 1", "novel_performant_100", "", true, Aim.HIGH, "The same with nn ratio ≥ 1."),
            new ScoreColumn(
                    "Spread",
                    "dispersion",
                    "dispersion",
                    "",
                    false,
                    Aim.ONE,
                    "Root mean variance of the networks' weights divided by that of held-out networks; 0 is one network"
                            + " again and again."),
            new ScoreColumn(
                    "Spread",
                    "diversity",
                    "diversity",
                    "",
                    false,
                    Aim.HIGH,
                    "Mean pairwise Jensen–Shannon divergence of the networks' output distributions."),
            new ScoreColumn(
                    "Averaging 16",
                    "accuracy %",
                    "bma_accuracy_16",
                    "",
                    true,
                    Aim.HIGH,
                    "Test accuracy of the mean predicted probability of 16 networks (Bayesian model averaging)."),
            new ScoreColumn(
                    "Averaging 16",
                    "NLL",
                    "bma_nll_16",
                    "",
                    false,
                    Aim.LOW,
                    "Negative log-likelihood of that mean prediction."),
            new ScoreColumn(
                    "Averaging 16",
                    "ECE",
                    "bma_ece_16",
                    "",
                    false,
                    Aim.LOW,
                    "Expected calibration error of that mean prediction."),
            new ScoreColumn(
                    "Bits per dimension",
                    "train",
                    "bpd_train",
                    "bpd_train_se",
                    false,
                    Aim.LOW,
                    "Negative binary logarithm of the flow's density at training networks, per dimension of its space, median"
                            + " ± standard error over networks; comparable within a flow only."),
            new ScoreColumn(
                    "Bits per dimension",
                    "held-out",
                    "bpd_held_out",
                    "bpd_held_out_se",
                    false,
                    Aim.LOW,
                    "The same of held-out networks."),
            new ScoreColumn(
                    "Bits per dimension",
                    "gap",
                    "bpd_gap",
                    "bpd_gap_se",
                    false,
                    Aim.ZERO,
                    "Held-out minus train: 0 if the flow explains new networks as well as those it learnt from, the larger the"
                            + " more it memorises."),
            new ScoreColumn(
                    "Budget",
                    "gradients",
                    "gradient_steps",
                    "",
                    false,
                    Aim.LOW,
                    "Gradients of the task's loss, each on a mini-batch, that every network followed after the zoo's own"
                            + " training."));

    /** The columns in which some of the scores have something to say; nothing is said by budgets that are all 0. */
    static List<ScoreColumn> of(List<Score> scores) {
        return ALL.stream().filter(c -> scores.stream().anyMatch(c::speaks)).toList();
    }

    private boolean speaks(Score score) {
        OptionalDouble value = Numbers.of(score, key);
        return value.isPresent() && (value.getAsDouble() != 0 || !key.equals("gradient_steps"));
    }

    /** The value as text, with its spread. */
    String text(Score score) {
        OptionalDouble value = Numbers.of(score, key);
        if (value.isEmpty()) {
            return Numbers.NONE;
        }
        OptionalDouble deviation = spread.isEmpty() ? OptionalDouble.empty() : Numbers.of(score, spread);
        return number(value.getAsDouble()) + (deviation.isPresent() ? " ± " + number(deviation.getAsDouble()) : "");
    }

    private String number(double value) {
        if (percent) {
            return Numbers.percent(value);
        }
        if (key.equals("gradient_steps")) {
            return Numbers.decimal(value, 0);
        }
        int decimals = key.equals("z_u") ? 1 : key.endsWith("ratio_mean") || key.equals("dispersion") ? 2 : 3;
        return Numbers.decimal(value, decimals);
    }

    /** How far the value is from what is aimed at; less is better. */
    double miss(double value) {
        return switch (aim) {
            case HIGH -> -value;
            case LOW -> value;
            case ONE -> Math.abs(value - 1);
            case ZERO -> Math.abs(value);
        };
    }
}
