package dev.zooflow.report;

import dev.zooflow.message.Event.Score;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How far the scores of a run and of its repetition agree.
 *
 * @param groups those of both, in the order of the first
 */
public record ScoreAgreement(List<Group> groups) {

    /**
     * A group of networks.
     *
     * @param group its name
     * @param values how many either run has, the number of networks among them
     * @param equal how many of them are equal bit by bit
     * @param largest the largest difference; none where all are equal
     */
    public record Group(String group, int values, int equal, Optional<Difference> largest) {}

    /**
     * A value that differs; NaN where a run does not have it.
     *
     * @param name of the value
     * @param then in the first run
     * @param now in its repetition
     */
    public record Difference(String name, double then, double now) {
        /** |then − now| / max(|then|, |now|), in [0, 2]; infinite where one of them is missing. */
        public double relative() {
            if (Double.isNaN(then) || Double.isNaN(now)) {
                return Double.POSITIVE_INFINITY;
            }
            double size = Math.max(Math.abs(then), Math.abs(now));
            return size == 0 ? 0 : Math.abs(then - now) / size;
        }

        private boolean isNone() {
            return Double.doubleToLongBits(then) == Double.doubleToLongBits(now);
        }
    }

    /** Compares final scores, one for each group. */
    public static ScoreAgreement of(List<Score> then, List<Score> now) {
        Map<String, Score> first = byGroup(then);
        Map<String, Score> second = byGroup(now);
        return new ScoreAgreement(Stream.concat(first.keySet().stream(), second.keySet().stream())
                .distinct()
                .map(group -> compare(group, values(first.get(group)), values(second.get(group))))
                .toList());
    }

    private static Map<String, Score> byGroup(List<Score> scores) {
        return scores.stream().collect(Collectors.toMap(Score::group, s -> s, (a, b) -> a, LinkedHashMap::new));
    }

    private static Map<String, Double> values(@Nullable Score score) {
        if (score == null) {
            return Map.of();
        }
        Map<String, Double> values = new LinkedHashMap<>(score.values());
        values.put("n", (double) score.n());
        return values;
    }

    private static Group compare(String group, Map<String, Double> then, Map<String, Double> now) {
        TreeSet<String> names = new TreeSet<>(then.keySet());
        names.addAll(now.keySet());
        List<Difference> differences = names.stream()
                .map(name ->
                        new Difference(name, then.getOrDefault(name, Double.NaN), now.getOrDefault(name, Double.NaN)))
                .filter(difference -> !difference.isNone())
                .toList();
        return new Group(
                group,
                names.size(),
                names.size() - differences.size(),
                differences.stream().max(Comparator.comparingDouble(Difference::relative)));
    }

    /** Whether every value of every group is equal bit by bit. */
    public boolean isComplete() {
        return different().isEmpty();
    }

    /** Groups with a difference. */
    public List<Group> different() {
        return groups.stream().filter(group -> group.largest().isPresent()).toList();
    }

    /** How many values were compared. */
    public int values() {
        return groups.stream().mapToInt(Group::values).sum();
    }
}
