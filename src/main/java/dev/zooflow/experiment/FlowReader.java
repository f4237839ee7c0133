package dev.zooflow.experiment;

import java.time.Duration;
import java.util.Optional;

/** Reads and checks one element of {@code flows}, below which {@code flow} lies. */
final class FlowReader {

    private static final Duration LONGEST = Duration.ofDays(365);
    private static final int MANY = 1_000_000_000;

    private FlowReader() {}

    static FlowSpec read(Settings s) {
        FlowSpec flow = new FlowSpec(
                name(s),
                s.choice("geometry", FlowSpec.Geometry.class),
                s.choice("alignment", FlowSpec.Alignment.class),
                s.choice("alignment-reference", FlowSpec.AlignmentReference.class),
                s.choice("temperature", FlowSpec.Temperature.class),
                s.choice("prediction", FlowSpec.Prediction.class),
                s.choice("coupling", FlowSpec.CouplingKind.class),
                s.choice("time", FlowSpec.TimeDistribution.class),
                s.real("sigma", 0, 10),
                s.positive("source-scale", 100),
                s.integer("zoo-trajectories", 0, MANY),
                backbone(s.block("backbone")),
                training(s.block("training")),
                Optional.empty(),
                Optional.empty());
        checkComponents(s, flow);
        return flow;
    }

    private static void checkComponents(Settings s, FlowSpec flow) {
        boolean possible =
                flow.backbone().kind() == BackboneSpec.Kind.FLAT && flow.geometry() == FlowSpec.Geometry.EUCLIDEAN;
        if (flow.backbone().pcaComponents() > 0 && !possible) {
            throw s.error(
                    "backbone.pca-components",
                    "describe weights as no weight graph and no sphere",
                    "Maybe 0, or kind = flat and geometry = euclidean?");
        }
    }

    private static String name(Settings s) {
        if (s.text("name").isEmpty()) {
            throw s.error("name", "is empty", "Maybe name = %s?".formatted(s.text("geometry")));
        }
        return Names.check(s, "name", Names.LONGEST);
    }

    private static BackboneSpec backbone(Settings s) {
        BackboneSpec backbone = new BackboneSpec(
                s.choice("kind", BackboneSpec.Kind.class),
                s.integer("width", 1, 4096),
                s.integer("layers", 1, 64),
                s.integer("heads", 1, 64),
                s.flag("edge-updates"),
                s.choice("hidden-embedding", BackboneSpec.HiddenEmbedding.class),
                s.flag("reference-features"),
                s.belowOne("dropout"),
                s.integer("pca-components", 0, 100_000));
        checkDropout(s, backbone);
        if (backbone.kind().attends() && backbone.width() % backbone.heads() != 0) {
            throw s.error(
                    s.written("heads", "width"),
                    "does not fit: %d heads don't divide width %d".formatted(backbone.heads(), backbone.width()),
                    "Maybe heads = %d?".formatted(largestDivisor(backbone.width(), backbone.heads())));
        }
        return backbone;
    }

    private static void checkDropout(Settings s, BackboneSpec backbone) {
        if (backbone.dropout() > 0 && !backbone.kind().drops()) {
            throw s.error(
                    "dropout",
                    "does not act on a %s".formatted(Settings.kebab(backbone.kind())),
                    "Maybe 0, or kind = neuron-transformer?");
        }
    }

    private static int largestDivisor(int width, int atMost) {
        int divisor = Math.min(atMost, width);
        while (width % divisor != 0) {
            divisor--;
        }
        return divisor;
    }

    private static TrainingSpec training(Settings s) {
        TrainingSpec training = new TrainingSpec(
                s.integer("steps", 0, MANY),
                s.duration("time", LONGEST),
                s.integer("batch-size", 1, 1_000_000),
                s.choice("optimizer", TrainingSpec.Optimizer.class),
                s.positive("learning-rate", 10),
                s.real("weight-decay", 0, 10),
                s.integer("warm-up", 0, MANY),
                s.positive("clip-norm", MANY),
                s.belowOne("ema-decay"),
                s.duration("checkpoint-every", LONGEST),
                s.integer("checkpoint-steps", 0, MANY),
                s.duration("save-every", LONGEST));
        if (training.steps() == 0 && training.time().isZero()) {
            throw s.error(
                    s.written("time", "steps"),
                    "leaves the training without an end: steps and time are both 0",
                    "Maybe time = 60 s?");
        }
        return training;
    }
}
