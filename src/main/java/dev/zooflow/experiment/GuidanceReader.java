package dev.zooflow.experiment;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.zooflow.experiment.TransferSpec.Initialisation;
import java.util.Optional;

/** Reads and checks {@code guidance}, {@code refine} and {@code transfer}. */
final class GuidanceReader {

    private GuidanceReader() {}

    static GuidanceSpec guidance(Settings s) {
        GuidanceSpec guidance = new GuidanceSpec(
                s.real("strength", 0, 1_000_000),
                s.choice("schedule", GuidanceSpec.Schedule.class),
                s.real("from", 0, 1),
                s.real("to", 0, 1),
                s.choice("at", GuidanceSpec.At.class),
                s.choice("normalise", GuidanceSpec.Normalise.class),
                s.integer("batch-size", 1, 1_000_000));
        if (guidance.from() >= guidance.to()) {
            boolean wroteFrom = s.written("from", "to").equals("from");
            throw wroteFrom
                    ? s.error("from", "is not below to, %s".formatted(guidance.to()), "Maybe 0?")
                    : s.error("to", "is not above from, %s".formatted(guidance.from()), "Maybe 1?");
        }
        return guidance;
    }

    static RefineSpec refine(Settings s) {
        return new RefineSpec(
                s.integer("steps", 0, 1_000_000),
                s.choice("optimizer", ZooSpec.Optimizer.class),
                s.positive("learning-rate", 100),
                s.belowOne("momentum"),
                s.integer("batch-size", 1, 1_000_000));
    }

    static TransferSpec transfer(Settings s) {
        return new TransferSpec(
                TaskReader.read(s.block("task")),
                guidance(s.block("guidance")),
                refine(s.block("refine")),
                s.integer("networks", 2, 1_000_000),
                s.integer("epochs", 1, 1_000_000),
                initialisation(s.block("initialisation")));
    }

    /** What a flow's block says of its own gradients towards the other task, above those of all flows. */
    static Optional<GradientsSpec> own(Settings element, Config experiment) {
        if (!experiment.hasPath("transfer")) {
            element.above("transfer", ConfigFactory.empty()).ifPresent(s -> {
                throw element.error(
                        "transfer", "is of an experiment without another task", "Maybe also transfer { task { … } }?");
            });
            return Optional.empty();
        }
        return element.above("transfer", experiment.getConfig("transfer"))
                .map(s -> new GradientsSpec(guidance(s.block("guidance")), refine(s.block("refine"))));
    }

    private static Initialisation initialisation(Settings s) {
        return new Initialisation(
                s.integer("epochs", 1, 1_000_000),
                s.integer("runs", 1, 1_000_000),
                s.choice("optimizer", ZooSpec.Optimizer.class),
                s.positive("learning-rate", 100),
                s.belowOne("momentum"));
    }

    /** A network for one task is a network for the other only if both have the same inputs and classes. */
    static void checkTransfer(Settings root, ExperimentSpec spec) {
        spec.transfer().flatMap(t -> TaskShape.of(t.task())).ifPresent(target -> {
            TaskShape source = TaskShape.of(spec.task()).orElse(target);
            if (source.inputs() != target.inputs() || source.classes() != target.classes()) {
                throw root.error(
                        "transfer.task.kind",
                        "has %d inputs and %d classes, but the zoo's task %d and %d"
                                .formatted(target.inputs(), target.classes(), source.inputs(), source.classes()),
                        source.imageSide() > 0
                                ? "Maybe also transfer.task.image-size = %d?".formatted(source.imageSide())
                                : "Maybe %s?"
                                        .formatted(Settings.kebab(spec.task().kind())));
            }
        });
    }
}
