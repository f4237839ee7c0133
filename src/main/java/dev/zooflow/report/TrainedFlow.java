package dev.zooflow.report;

import dev.zooflow.message.Event.FlowCheckpoint;
import dev.zooflow.message.Event.Score;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the card of a flow says that was trained to its end.
 *
 * @param record of its run
 * @param model its final checkpoint
 */
record TrainedFlow(RunRecord record, FlowCheckpoint model) implements FlowCard.Ending {

    private static final List<String> BESIDE = List.of("held-out", "train", "retrieval");

    private static final String DRAWING = """
            ```sh
            java -jar zooflow.jar export runs/%1$s --flow %2$s
            java -jar zooflow.jar extend runs/%1$s 'samplings.%3$d={name=more, networks=100}'
            ```

            The first writes the networks that the run has drawn, as safetensors, each with a card of its own; the second makes
            a run that draws more without training anew. Both take the run's directory; of a run on other brokers the second
            takes its id and `--bootstrap-servers`.%4$s
            """;

    private static final String STOPPED_ONES =
            " Trials of this run that were stopped early are trained on there, under the same rule.";

    /** Those of a run. */
    static Stream<TrainedFlow> all(RunRecord record) {
        return record.models().stream().map(model -> new TrainedFlow(record, model));
    }

    @Override
    public String opening() {
        return "Run `%s` trained it. Its training ended %s.\n".formatted(record.run(), FlowCard.place(model));
    }

    @Override
    public String split() {
        return "test";
    }

    @Override
    public String scores() {
        Optional<Score> own = record.score(Groups.generated(model.flow()));
        if (own.isEmpty()) {
            return "Networks of this flow have not been scored.\n";
        }
        List<Score> groups = Stream.concat(
                        own.stream(), BESIDE.stream().map(record::score).flatMap(Optional::stream))
                .toList();
        return CardScores.table(groups, text -> text)
                + BESIDE.stream()
                        .map(group -> "- %s: %s.\n".formatted(group, Groups.explanation(group)))
                        .collect(Collectors.joining());
    }

    @Override
    public String drawing() {
        int samplings = record.spec().map(spec -> spec.samplings().size()).orElse(0);
        return DRAWING.formatted(
                record.run(),
                model.flow(),
                samplings,
                StoppedFlow.all(record).findAny().isPresent() ? STOPPED_ONES : "");
    }
}
