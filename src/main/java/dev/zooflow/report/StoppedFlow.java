package dev.zooflow.report;

import dev.zooflow.experiment.SweepSpec;
import dev.zooflow.message.Event.FlowCheckpoint;
import dev.zooflow.message.Event.Score;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What the card of a flow says that a sweep's rule stopped early. Its scores are of the validation split, by which it was
 * stopped.
 *
 * @param record of its run
 * @param model the last checkpoint there is
 * @param reason where it was stopped, and why
 */
record StoppedFlow(RunRecord record, FlowCheckpoint model, String reason) implements FlowCard.Ending {

    private static final String OPENING = """

            **This flow was %s.** It is not what its budget would have made of it.

            Run `%s` trained it; this card is of its last checkpoint, %s.
            """;

    private static final String DRAWING = """
            Nothing draws from this checkpoint: `export` and `extend` draw from flows that were trained to their end. It can be
            trained to its end, and drawn from then:

            ```sh
            java -jar zooflow.jar extend runs/%s sweep.early-terminate.type=none
            ```

            That makes a run that goes on with all trials that were stopped, each from its last saved state, or from its
            beginning where none is left. A run on other brokers is named by its id, with `--bootstrap-servers`.
            """;

    private static final String BASELINES = """

            Baselines have no values of the validation split; those of the test split are in `scores.json`.
            """;

    /** Those of a run that left a checkpoint. */
    static Stream<StoppedFlow> all(RunRecord record) {
        List<String> trained =
                record.models().stream().map(FlowCheckpoint::flow).toList();
        return record.stopped().entrySet().stream()
                .filter(stop -> !trained.contains(stop.getKey()))
                .flatMap(stop -> Optional.ofNullable(record.checkpoints().get(stop.getKey())).stream()
                        .map(model -> new StoppedFlow(record, model, stop.getValue())));
    }

    @Override
    public String opening() {
        return OPENING.formatted(ModelCard.inline(reason), record.run(), FlowCard.place(model));
    }

    @Override
    public String split() {
        return "validation";
    }

    /** The last checkpoint may not have been scored, where the training went on after the one that stopped it. */
    @Override
    public String scores() {
        Optional<Score> latest = record.latest(model.flow()).map(StoppedFlow::validated);
        if (latest.filter(score -> !score.values().isEmpty()).isEmpty()) {
            return "Networks of this flow have not been scored on the validation split.\n";
        }
        Score score = latest.get();
        String of = score.step() == model.step()
                ? "Of this checkpoint, on the validation split:"
                : "This checkpoint has not been scored. Of the last one that has, at step %s, on the validation split:"
                        .formatted(Numbers.grouped(score.step()));
        return of + "\n\n" + CardScores.table(List.of(score), StoppedFlow::worded) + BASELINES;
    }

    /** The score with its values of the validation split alone, under the names that those of the test split have. */
    private static Score validated(Score score) {
        Map<String, Double> values = new TreeMap<>();
        score.values().forEach((name, value) -> {
            if (name.startsWith(SweepSpec.Metric.VALIDATION)) {
                values.put(name.substring(SweepSpec.Metric.VALIDATION.length()), value);
            }
        });
        return score.with(values, Map.of());
    }

    private static String worded(String explanation) {
        return explanation
                .replace("test examples", "validation examples")
                .replace("test split", "validation split")
                .replace("Test accuracy", "Validation accuracy");
    }

    @Override
    public String drawing() {
        return DRAWING.formatted(record.run());
    }
}
