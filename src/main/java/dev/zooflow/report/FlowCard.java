package dev.zooflow.report;

import dev.zooflow.experiment.ExperimentPlan;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.Provenance;
import dev.zooflow.experiment.UserError;
import dev.zooflow.message.AtomicFile;
import dev.zooflow.message.Event.FlowCheckpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The README of a flow: what it is, what it learnt from, how good and how new its networks are, how to draw more. */
public final class FlowCard {

    private static final String TEMPLATE = """
            # %1$s

            A flow over the weights of neural networks: it carries random weights to weights of networks that classify “%2$s”.
            %3$s
            | | |
            |---|---|
            %4$s
            ## How good and how new its networks are

            %5$s
            ## What it is for

            Drawing further networks of this architecture for this task: members of ensembles, starting points of training, and
            studies of what trained weights look like. Whatever a drawn network is used for, score it as any other network first.

            It knows no other task, and no data but those above; what is measured above was measured on the %6$s split of that
            task. Where the nearest-neighbour ratio is well below 1 or copies are many, it hands out what it learnt from: then its
            networks are worth as much as those of the group “retrieval”. Where the dispersion is near 0 it draws one network
            again and again.

            ## How to draw from it

            %7$s
            ## The file

            Blob `%8$s`, %9$s bytes of safetensors.
            A blob is named by the SHA-256 of its content and lies in the run's blob store, as
            `%10$s`.

            ## Provenance

            %11$s
            All keys of the experiment are in `run.json`.
            """;

    private static final List<String> PLANNED = List.of("task", "networks", "zoo", "flow", "sampling");

    /** Where in its training a checkpoint was taken. */
    static String place(FlowCheckpoint model) {
        return "at step %s after %s with a loss of %s"
                .formatted(
                        Numbers.grouped(model.step()),
                        Numbers.duration(model.seconds()),
                        Numbers.decimal(model.loss(), 4));
    }

    /** What a card says of a checkpoint by how its training ended. */
    interface Ending {
        /** The checkpoint that the card is of. */
        FlowCheckpoint model();

        /** How the training ended: lines. */
        String opening();

        /** Of the task that the scores are of. */
        String split();

        /** Tables and lists: lines. */
        String scores();

        /** What leads to networks of this checkpoint: lines. */
        String drawing();
    }

    private FlowCard() {}

    /**
     * Writes {@code <flow>/README.md} for each flow that was trained to its end, or stopped early after a checkpoint.
     *
     * @param directory that receives the folders; created if missing
     * @throws UserError of infrastructure when a file can't be written
     */
    public static void write(RunRecord record, DataDescription data, Path directory) {
        try {
            for (Ending ending : Stream.concat(TrainedFlow.all(record), StoppedFlow.all(record))
                    .toList()) {
                byte[] card = write(record, data, ending).getBytes(StandardCharsets.UTF_8);
                AtomicFile.write(directory.resolve(ending.model().flow()).resolve("README.md"), card);
            }
        } catch (IOException e) {
            throw UserError.infrastructure(String.valueOf(e.getMessage()), e);
        }
    }

    private static String write(RunRecord record, DataDescription data, Ending ending) {
        FlowCheckpoint model = ending.model();
        String sha256 = model.model().sha256();
        return TEMPLATE.formatted(
                model.flow(),
                ModelCard.inline(data.task()),
                ending.opening(),
                record.spec().map(spec -> plan(spec, model.flow())).orElse(""),
                ending.scores(),
                ending.split(),
                ending.drawing(),
                sha256,
                Numbers.grouped(model.model().size()),
                sha256.substring(0, 2) + "/" + sha256.substring(2),
                provenance(record));
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

    private static String provenance(RunRecord record) {
        return record.provenance().entrySet().stream()
                .filter(e -> !e.getKey().equals(Provenance.GIT_DIFF))
                .map(e -> row(Stream.of(e.getKey(), e.getValue()).map(ModelCard::inline)))
                .collect(Collectors.joining("", "| | |\n|---|---|\n", ""));
    }

    /** A line of a table. */
    static String row(Stream<String> cells) {
        return cells.collect(Collectors.joining(" | ", "| ", " |\n"));
    }
}
