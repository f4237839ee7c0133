package dev.zooflow.experiment.search;

import dev.zooflow.experiment.EarlyTerminateSpec.Median;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The median stopping rule of Google Vizier (Golovin et al., KDD 2017, section 3.2.2) with the numbers of Ray Tune's
 * {@code MedianStoppingRule}: a trial is stopped when its best value so far is worse than the median, over the other
 * trials that have come as far, of their means up to then.
 */
record MedianStopping(Median numbers) implements Stopper {

    @Override
    public OptionalDouble shortfall(List<TrialReport> before, TrialReport now) {
        if (now.time() < numbers.gracePeriod()) {
            return OptionalDouble.empty();
        }
        Map<String, List<TrialReport>> others = before.stream()
                .filter(r -> !r.trial().equals(now.trial()))
                .collect(Collectors.groupingBy(TrialReport::trial, TreeMap::new, Collectors.toList()));
        double[] means = others.values().stream()
                .filter(reports -> reports.get(reports.size() - 1).time() >= now.time())
                .map(reports -> mean(reports, now.time()))
                .flatMapToDouble(OptionalDouble::stream)
                .toArray();
        if (means.length < numbers.minSamplesRequired()) {
            return OptionalDouble.empty();
        }
        double median = Quantile.of(means, 0.5);
        double best = before.stream()
                .filter(r -> r.trial().equals(now.trial()))
                .mapToDouble(TrialReport::utility)
                .reduce(now.utility(), Math::max);
        return best < median ? OptionalDouble.of(median) : OptionalDouble.empty();
    }

    private OptionalDouble mean(List<TrialReport> reports, double until) {
        return reports.stream()
                .filter(r -> r.time() >= numbers.gracePeriod() && r.time() <= until)
                .mapToDouble(TrialReport::utility)
                .average();
    }
}
