package dev.zooflow.app;

import dev.zooflow.experiment.SweepSpec;
import dev.zooflow.experiment.Variant;
import dev.zooflow.message.Event.Score;
import dev.zooflow.report.StoredRun;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which generated groups of runs are the best.
 *
 * @param metric a value of scores.json
 * @param goal whether large ones are good
 * @param count so many at most
 */
record Ranking(String metric, SweepSpec.Goal goal, int count) {

    /**
     * A group of generated networks.
     *
     * @param value of the metric
     */
    record Place(StoredRun run, Score score, double value) {

        /** What the run has and others of its series have not; empty where it is alone. */
        String values() {
            return run.provenance().getOrDefault(Variant.EACH, "");
        }
    }

    /** The best groups, the very best first; empty where none has the metric. */
    List<Place> of(List<StoredRun> runs) {
        return runs.stream()
                .flatMap(run -> run.scores().stream()
                        .filter(score -> score.group().startsWith("generated/"))
                        .filter(score -> score.values().containsKey(metric))
                        .map(score -> new Place(run, score, score.values().get(metric))))
                .sorted(order())
                .limit(count)
                .toList();
    }

    /** The name of a metric's value on the validation split, if the runs have that, else on the test split. */
    static String known(SweepSpec.Metric metric, List<StoredRun> runs) {
        boolean validated = runs.stream()
                .flatMap(run -> run.scores().stream())
                .anyMatch(score -> score.values().containsKey(metric.selection()));
        return validated ? metric.selection() : metric.name();
    }

    /** The best groups of each run, so many of each, the best run first. */
    List<Place> bestOfEach(List<StoredRun> runs) {
        return runs.stream()
                .flatMap(run -> of(List.of(run)).stream())
                .sorted(order())
                .toList();
    }

    private Comparator<Place> order() {
        Comparator<Place> ascending = Comparator.comparingDouble(Place::value);
        return goal == SweepSpec.Goal.MAXIMIZE ? ascending.reversed() : ascending;
    }

    private List<String> head() {
        return List.of("run", "group", metric, "accuracy", "nn ratio");
    }

    private List<String> row(Place place) {
        return List.of(
                place.run().run().value(),
                place.score().group(),
                FinalTable.number(Optional.of(place.score()), metric, 4),
                FinalTable.number(Optional.of(place.score()), "accuracy_mean", 3),
                FinalTable.number(Optional.of(place.score()), "nn_ratio_mean", 2));
    }

    /** As lines of a table; where a run is one of a series, its values come first. */
    List<String> lines(List<Place> places) {
        boolean series = places.stream().anyMatch(place -> !place.values().isEmpty());
        List<List<String>> rows = new ArrayList<>();
        rows.add(row("values", head(), series));
        places.forEach(place -> rows.add(row(place.values().isEmpty() ? "–" : place.values(), row(place), series)));
        return TextTable.lines(rows);
    }

    private static List<String> row(String values, List<String> cells, boolean series) {
        return series ? Stream.concat(Stream.of(values), cells.stream()).toList() : cells;
    }
}
