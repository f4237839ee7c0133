package dev.zooflow.report;

import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.FlatKeys;
import dev.zooflow.graph.Activation;
import dev.zooflow.graph.Architecture;
import dev.zooflow.message.Event;
import dev.zooflow.message.Event.GeneratedNetworks;
import dev.zooflow.message.Event.Score;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The README of an exported network: what it is, how to load it, how good and how new it is. */
final class ModelCard {

    private static final String TEMPLATE = """
            # %s

            A %s network for “%s” with %s parameters (%s). It was not trained%s: the flow “%s”, which had learnt the weights of
            trained networks, generated it at step %d.
            %s
            ```python
            from torch import nn
            from safetensors.torch import load_file

            net = nn.Sequential(%s)
            net.load_state_dict(load_file("model.safetensors"), strict=True)
            ```

            Inputs are %d features, normalised as `(x - mean) / std` with the values in `config.json`; outputs are the logits
            of %d classes, in the order given there.

            | | this network | all %d generated | held-out, trained |
            |---|---|---|---|
            %s
            The nearest-neighbour ratio is the distance to the nearest training network, after removing permutations and
            scalings, over the same distance for held-out networks: 0 is a copy, 1 as new as a newly trained network.%s

            %sRun `%s`; provenance is in `config.json`.
            """;

    private static final String NO_RATIO =
            "\nNetworks wider than the zoo's have none: nothing measures how new this one is.";

    private static final List<Measure> MEASURES = List.of(
            new Measure("test accuracy %", "accuracy", 100, 1),
            new Measure("test loss", "loss", 1, 3),
            new Measure("nearest-neighbour ratio", "nn_ratio", 1, 2));

    /** A line of the table of scores. */
    private record Measure(String name, String key, double factor, int decimals) {
        String text(double value) {
            return Numbers.decimal(factor * value, decimals);
        }
    }

    private ModelCard() {}

    /**
     * The text.
     *
     * @param scores of this network
     * @param choice how it was chosen; empty when it is as good as any other
     */
    static String write(
            RunRecord record,
            DataDescription data,
            GeneratedNetworks networks,
            int index,
            Map<String, Double> scores,
            String choice) {
        Architecture architecture = networks.networks().architecture();
        Optional<Score> group = record.score(Groups.of(networks));
        return TEMPLATE.formatted(
                name(networks, index),
                architecture.activation() == Activation.RELU ? "ReLU" : "tanh",
                inline(data.task()),
                Numbers.grouped(architecture.parameters()),
                architecture,
                networks.gradientSteps() > 0 ? " from random weights" : "",
                networks.flow(),
                networks.step(),
                drawing(record, networks),
                modules(architecture),
                architecture.inputs(),
                architecture.outputs(),
                group.map(Score::n).orElse(networks.networks().size()),
                rows(scores, group, record.score("held-out")),
                group.isPresent() && !scores.containsKey("nn_ratio") ? NO_RATIO : "",
                choice.isEmpty() ? "" : choice + "\n\n",
                record.run());
    }

    /** What the folder of a network is called. */
    static String name(GeneratedNetworks networks, int index) {
        return "%s-%03d"
                .formatted(Event.sampled(networks.flow(), networks.variant()).replace('/', '-'), index);
    }

    /** How it was drawn, as far as that is not the rule: lines, or empty. */
    private static String drawing(RunRecord record, GeneratedNetworks networks) {
        StringBuilder out = new StringBuilder();
        if (networks.gradientSteps() > 0) {
            out.append("It followed %s gradients of the task's loss, by guidance or refinement, each on a mini-batch.\n"
                    .formatted(Numbers.grouped(networks.gradientSteps())));
        }
        if (!networks.variant().isEmpty()) {
            out.append("\nIt was sampled as “%s”, a variant of the sampling%s.\n"
                    .formatted(
                            networks.variant(),
                            record.spec().map(spec -> settings(spec, networks)).orElse("")));
        }
        return out.toString();
    }

    /** In what a variant differs from how the flow is sampled otherwise. */
    private static String settings(ExperimentSpec spec, GeneratedNetworks networks) {
        Map<String, Object> own = FlatKeys.of(spec.sampling(networks.variant()));
        Map<String, Object> otherwise = FlatKeys.of(spec.sampling(spec.flow(networks.flow())));
        String differing = own.keySet().stream()
                .filter(key -> !OneChange.ASIDE.contains(key) && !own.get(key).equals(otherwise.get(key)))
                .map(key -> "`%s = %s` (otherwise %s)".formatted(key, own.get(key), otherwise.get(key)))
                .collect(Collectors.joining(", "));
        return differing.isEmpty() ? " with the same settings" : ": " + differing;
    }

    private static String modules(Architecture architecture) {
        String activation = architecture.activation() == Activation.RELU ? "nn.ReLU()" : "nn.Tanh()";
        List<String> modules = new ArrayList<>();
        for (int l = 1; l <= architecture.depth(); l++) {
            List<Integer> widths = architecture.widths();
            modules.add("nn.Linear(%d, %d)".formatted(widths.get(l - 1), widths.get(l)));
        }
        return String.join(", " + activation + ", ", modules);
    }

    private static String rows(Map<String, Double> own, Optional<Score> group, Optional<Score> heldOut) {
        StringBuilder out = new StringBuilder();
        for (Measure m : MEASURES) {
            double value = own.getOrDefault(m.key(), Double.NaN);
            out.append("| %s | %s | %s | %s |\n"
                    .formatted(m.name(), m.text(value), m.text(mean(group, m)), m.text(mean(heldOut, m))));
        }
        return out.toString();
    }

    private static double mean(Optional<Score> score, Measure measure) {
        return score.map(s -> Numbers.of(s, measure.key() + "_mean").orElse(Double.NaN))
                .orElse(Double.NaN);
    }

    /** Text from data as a part of a Markdown line. */
    static String inline(String text) {
        return text.replaceAll("[\\p{Cntrl}]+", " ").replaceAll("([\\\\`*_{}\\[\\]<>|#])", "\\\\$1");
    }
}
