package dev.zooflow.app;

import dev.zooflow.experiment.SweepSpec;
import dev.zooflow.message.Event.Score;
import dev.zooflow.report.StoredRun;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which generated groups of runs are the best.
 *
 * @param metric a value of scores.json
 * @param goal whether large ones are good
 * @param count so many at most
 */
record Ranking(String metric, SweepSpec.Goal goal, int count) {

    /** What runs are ranked by unless told otherwise. */
    static final String METRIC = "novel_performant_075";

    /**
     * A group of generated networks.
     *
     * @param value of the metric
     */
    record Place(StoredRun run, Score score, double value) {}

    /** The best groups, the very best first; empty where none has the metric. */
    List<Place> of(List<StoredRun> runs) {
        Comparator<Place> ascending = Comparator.comparingDouble(Place::value);
        return runs.stream()
                .flatMap(run -> run.scores().stream()
                        .filter(score -> score.group().startsWith("generated/"))
                        .filter(score -> score.values().containsKey(metric))
                        .map(score -> new Place(run, score, score.values().get(metric))))
                .sorted(goal == SweepSpec.Goal.MAXIMIZE ? ascending.reversed() : ascending)
                .limit(count)
                .toList();
    }

    /** As lines of a table. */
    List<String> lines(List<Place> places) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("run", "group", metric, "accuracy", "nn ratio"));
        places.forEach(p -> rows.add(List.of(
                p.run().run().value(),
                p.score().group(),
                FinalTable.number(Optional.of(p.score()), metric, 4),
                FinalTable.number(Optional.of(p.score()), "accuracy_mean", 3),
                FinalTable.number(Optional.of(p.score()), "nn_ratio_mean", 2))));
        return TextTable.lines(rows);
    }
}
