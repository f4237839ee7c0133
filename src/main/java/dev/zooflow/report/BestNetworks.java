package dev.zooflow.report;

import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.SweepSpec;
import dev.zooflow.experiment.UserError;
import dev.zooflow.message.Event.GeneratedNetworks;
import dev.zooflow.message.Event.Score;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The best networks of a run by the task's validation split: of the flow whose score is best those that are new and most accurate,
 * in this order. What the test split says of them is no part of the choice.
 *
 * @param networks of that flow
 * @param indices of the best among them, the best first
 * @param metric that chose the flow
 */
public record BestNetworks(GeneratedNetworks networks, List<Integer> indices, SweepSpec.Metric metric) {

    /** Ratio from which a network counts as new, as in {@code novel_performant_075}. */
    private static final double NEW = 0.75;

    private static final String ACCURACY = SweepSpec.Metric.VALIDATION + "accuracy";

    /** What ranks flows unless told otherwise: how many of their networks are new and good. */
    public static final String METRIC = "novel_performant_075";

    /** What ranks the flows of an experiment: the metric of its sweep, else {@value #METRIC}. */
    public static SweepSpec.Metric metricOf(ExperimentSpec spec) {
        return spec.sweep().map(SweepSpec::metric).orElse(SweepSpec.Metric.of(METRIC, null));
    }

    /**
     * What is asked for, and where that is left open what ranks the flows of the experiment anyway; of another metric its name
     * says the goal.
     */
    public static SweepSpec.Metric metricOf(ExperimentSpec spec, @Nullable String name, SweepSpec.@Nullable Goal goal) {
        SweepSpec.Metric own = metricOf(spec);
        SweepSpec.Metric asked = name == null ? own : SweepSpec.Metric.of(name, null);
        SweepSpec.Goal natural = asked.name().equals(own.name()) ? own.goal() : asked.goal();
        return new SweepSpec.Metric(asked.name(), goal == null ? natural : goal);
    }

    /**
     * Chooses.
     *
     * @param record with all generated networks of the flows from which is chosen
     * @param count how many at most
     * @throws UserError of usage when no flow has the metric
     */
    public static BestNetworks of(RunRecord record, SweepSpec.Metric metric, int count) {
        Comparator<GeneratedNetworks> ascending = Comparator.comparingDouble(
                g -> value(record, g, metric.selection()).orElseThrow());
        GeneratedNetworks best = record.generated().stream()
                .filter(g -> value(record, g, metric.selection()).isPresent())
                .max(metric.goal() == SweepSpec.Goal.MAXIMIZE ? ascending : ascending.reversed())
                .orElseThrow(() -> UserError.usage("metric (%s) is no value of a flow of run (%s). Maybe one of %s?"
                        .formatted(metric.selection(), record.run(), known(record))));
        if (series(record, best, ACCURACY).length == 0) {
            throw UserError.usage(
                    "run (%s) was scored by an earlier version, which did not say how accurate each network is on the validation split. Maybe `zooflow rerun` it?"
                            .formatted(record.run()));
        }
        return new BestNetworks(best, ranked(record, best).limit(count).boxed().toList(), metric);
    }

    private static Optional<Score> score(RunRecord record, GeneratedNetworks networks) {
        return record.score(Groups.of(networks));
    }

    private static OptionalDouble value(RunRecord record, GeneratedNetworks networks, String key) {
        return score(record, networks).map(s -> Numbers.of(s, key)).orElse(OptionalDouble.empty());
    }

    private static TreeSet<String> known(RunRecord record) {
        TreeSet<String> names = new TreeSet<>();
        record.generated()
                .forEach(g -> score(record, g)
                        .ifPresent(s -> s.values().keySet().stream()
                                .filter(name -> name.startsWith(SweepSpec.Metric.VALIDATION))
                                .forEach(name -> names.add(SweepSpec.Metric.of(name, SweepSpec.Goal.MAXIMIZE)
                                        .name()))));
        return names;
    }

    private static IntStream ranked(RunRecord record, GeneratedNetworks networks) {
        double[] accuracy = series(record, networks, ACCURACY);
        double[] loss = series(record, networks, SweepSpec.Metric.VALIDATION + "loss");
        double[] ratio = series(record, networks, "nn_ratio");
        return IntStream.range(0, networks.networks().size())
                .boxed()
                .sorted(Comparator.comparing((Integer i) -> at(ratio, i, 1) < NEW)
                        .thenComparingDouble(i -> -at(accuracy, i, -1))
                        .thenComparingDouble(i -> at(loss, i, Double.MAX_VALUE)))
                .mapToInt(i -> i);
    }

    private static double[] series(RunRecord record, GeneratedNetworks networks, String key) {
        return score(record, networks)
                .map(s -> s.series().getOrDefault(key, new double[0]))
                .orElse(new double[0]);
    }

    private static double at(double[] series, int i, double otherwise) {
        return i < series.length && Double.isFinite(series[i]) ? series[i] : otherwise;
    }

    /** How a network was chosen, for whoever reads its figures. */
    String origin(int rank) {
        return "Chosen as number %d of %d by accuracy on the validation split, after which come those with a nearest-neighbour ratio below %s, of the flow that is best by `%s`%s: a fresh draw is not as good on average."
                .formatted(
                        rank,
                        networks.networks().size(),
                        Numbers.decimal(NEW, 2),
                        metric.selection(),
                        networks.variant().isEmpty() ? "" : " when it is sampled so");
    }
}
