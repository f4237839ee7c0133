package dev.zooflow.report;

import dev.zooflow.experiment.ExperimentPlan;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.Provenance;
import dev.zooflow.experiment.UserError;
import dev.zooflow.message.AtomicFile;
import dev.zooflow.message.Event.FlowCheckpoint;
import dev.zooflow.message.Event.Score;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The README of a trained flow: what it is, what it learnt from, how good and how new its networks are, how to draw more. */
public final class FlowCard {

    private static final String TEMPLATE = """
            # %1$s

            A flow over the weights of neural networks: it carries random weights to weights of networks that classify “%2$s”.
            Run `%3$s` trained it. Its training ended at step %4$s after %5$s with a loss of %6$s.

            | | |
            |---|---|
            %7$s
            ## How good and how new its networks are

            %8$s
            ## What it is for

            Drawing further networks of this architecture for this task: members of ensembles, starting points of training, and
            studies of what trained weights look like. Whatever a drawn network is used for, score it as any other network first.

            It knows no other task, and no data but those above; what is measured above was measured on the test split of that
            task. Where the nearest-neighbour ratio is well below 1 or copies are many, it hands out what it learnt from: then its
            networks are worth as much as those of the group “retrieval”. Where the dispersion is near 0 it draws one network
            again and again.

            ## How to draw from it

            ```sh
            java -jar zooflow.jar export runs/%3$s --flow %1$s
            java -jar zooflow.jar extend runs/%3$s 'samplings.%13$d={name=more, networks=100}'
            ```

            The first writes the networks that the run has drawn, as safetensors, each with a card of its own; the second makes
            a run that draws more without training anew. Both take the run's directory; of a run on other brokers the second
            takes its id and `--bootstrap-servers`.

            ## The file

            Blob `%9$s`, %10$s bytes of safetensors.
            A blob is named by the SHA-256 of its content and lies in the run's blob store, as
            `%11$s`.

            ## Provenance

            %12$s
            All keys of the experiment are in `run.json`.
            """;

    private static final List<String> PLANNED = List.of("task", "networks", "zoo", "flow", "sampling");
    private static final List<String> BESIDE = List.of("held-out", "train", "retrieval");
    private static final List<String> MEASURED = List.of(
            "accuracy_mean",
            "loss_mean",
            "nn_ratio_mean",
            "copy_rate",
            "novel_performant_050",
            "novel_performant_075",
            "dispersion",
            "bma_accuracy_16",
            "bpd_gap");

    private FlowCard() {}

    /**
     * Writes {@code <flow>/README.md} for each flow that was trained to its end.
     *
     * @param directory that receives the folders; created if missing
     * @throws UserError of infrastructure when a file can't be written
     */
    public static void write(RunRecord record, DataDescription data, Path directory) {
        try {
            for (FlowCheckpoint model : record.models()) {
                byte[] card = write(record, data, model).getBytes(StandardCharsets.UTF_8);
                AtomicFile.write(directory.resolve(model.flow()).resolve("README.md"), card);
            }
        } catch (IOException e) {
            throw UserError.infrastructure(String.valueOf(e.getMessage()), e);
        }
    }

    /** The text for a flow with this final checkpoint. */
    static String write(RunRecord record, DataDescription data, FlowCheckpoint model) {
        String sha256 = model.model().sha256();
        return TEMPLATE.formatted(
                model.flow(),
                ModelCard.inline(data.task()),
                record.run(),
                Numbers.grouped(model.step()),
                Numbers.duration(model.seconds()),
                Numbers.decimal(model.loss(), 4),
                record.spec().map(spec -> plan(spec, model.flow())).orElse(""),
                scores(record, model.flow()),
                sha256,
                Numbers.grouped(model.model().size()),
                sha256.substring(0, 2) + "/" + sha256.substring(2),
                provenance(record),
                record.spec().map(spec -> spec.samplings().size()).orElse(0));
    }

    private static String plan(ExperimentSpec spec, String flow) {
        ExperimentSpec alone = spec.with(
                spec.flows().stream().filter(f -> f.name().equals(flow)).toList());
        return ExperimentPlan.describe(alone)
                .lines()
                .map(line -> line.split(" {2,}", 2))
                .map(parts -> List.of(parts[0].replaceFirst("^flow .*", "flow"), parts[parts.length - 1]))
                .filter(parts -> PLANNED.contains(parts.get(0)))
                .map(parts -> row(parts.stream().map(ModelCard::inline)))
                .collect(Collectors.joining());
    }

    private static String scores(RunRecord record, String flow) {
        List<Score> groups = Stream.concat(Stream.of(Groups.generated(flow)), BESIDE.stream())
                .map(record::score)
                .flatMap(Optional::stream)
                .toList();
        if (groups.isEmpty() || !Groups.isGenerated(groups.get(0).group())) {
            return "Networks of this flow have not been scored.\n";
        }
        List<ScoreColumn> columns = ScoreColumn.of(groups).stream()
                .filter(column -> MEASURED.contains(column.key()))
                .toList();
        String names = row(Stream.concat(
                Stream.of(""), groups.stream().map(g -> Groups.isGenerated(g.group()) ? "of this flow" : g.group())));
        String line = row(Stream.generate(() -> "---").limit(groups.size() + 1));
        String counts = row(Stream.concat(Stream.of("networks"), groups.stream().map(g -> Numbers.grouped(g.n()))));
        return names
                + line
                + counts
                + columns.stream()
                        .map(c -> row(Stream.concat(
                                Stream.of(title(c)), groups.stream().map(c::text))))
                        .collect(Collectors.joining())
                + columns.stream()
                        .map(c -> "- %s: %s\n".formatted(title(c), c.explanation()))
                        .collect(Collectors.joining("", "\n", ""))
                + BESIDE.stream()
                        .map(group -> "- %s: %s.\n".formatted(group, Groups.explanation(group)))
                        .collect(Collectors.joining());
    }

    private static String title(ScoreColumn column) {
        return column.section() + ", " + column.title();
    }

    private static String provenance(RunRecord record) {
        return record.provenance().entrySet().stream()
                .filter(e -> !e.getKey().equals(Provenance.GIT_DIFF))
                .map(e -> row(Stream.of(e.getKey(), e.getValue()).map(ModelCard::inline)))
                .collect(Collectors.joining("", "| | |\n|---|---|\n", ""));
    }

    private static String row(Stream<String> cells) {
        return cells.collect(Collectors.joining(" | ", "| ", " |\n"));
    }
}
