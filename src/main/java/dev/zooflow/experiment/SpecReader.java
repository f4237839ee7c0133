package dev.zooflow.experiment;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import dev.zooflow.graph.Activation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads and checks a whole experiment, below which the defaults lie. */
final class SpecReader {

    private SpecReader() {}

    static ExperimentSpec read(Config config) {
        Settings root = new Settings(config, "");
        ExperimentSpec spec = new ExperimentSpec(
                Names.check(root, "name", RunId.LONGEST_NAME),
                root.integer("seed", Long.MIN_VALUE, Long.MAX_VALUE),
                TaskReader.read(root.block("task")),
                ZooReader.network(root.block("network")),
                ZooReader.zoo(root.block("zoo")),
                flows(config, root),
                sampling(root.block("sampling")),
                evaluation(root.block("evaluation")),
                config.hasPath("transfer")
                        ? Optional.of(GuidanceReader.transfer(root.block("transfer")))
                        : Optional.empty());
        checkArchitecture(root.block("network"), spec);
        checkExport(root, spec);
        checkTruncation(root, spec);
        GuidanceReader.checkTransfer(root, spec);
        return spec;
    }

    private static List<FlowSpec> flows(Config config, Settings root) {
        if (!(config.root().get("flows") instanceof ConfigList list)) {
            throw root.error("flows", "is not a list", "Maybe [{ name = geometric }]?");
        }
        if (list.isEmpty()) {
            throw root.error("flows", "is empty", "Maybe [{ name = geometric }]?");
        }
        List<FlowSpec> flows = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < list.size(); i++) {
            Settings settings = element(config, list.get(i), i);
            FlowSpec flow = FlowReader.read(settings);
            if (!names.add(flow.name())) {
                throw settings.error("name", "is the name of two flows", "Maybe %s-%d?".formatted(flow.name(), i + 1));
            }
            checkScaling(root, i, flow);
            flows.add(flow);
        }
        return flows;
    }

    private static Settings element(Config config, ConfigValue element, int index) {
        Config own = ((ConfigObject) element).toConfig();
        return new Settings(own.withFallback(config.getConfig("flow")), "flows.%d.".formatted(index), element.origin());
    }

    /** Canonicalisation rescales neurons, which leaves only a ReLU network's function unchanged. */
    private static void checkScaling(Settings root, int index, FlowSpec flow) {
        Activation activation = root.block("network").choice("activation", Activation.class);
        if (flow.geometry() != FlowSpec.Geometry.EUCLIDEAN && activation != Activation.RELU) {
            throw root.error(
                    "network.activation",
                    "does not bear the rescaling of neurons by flows.%d.geometry, %s"
                            .formatted(index, Settings.kebab(flow.geometry())),
                    "Maybe relu, or geometry = euclidean?");
        }
    }

    private static SamplingSpec sampling(Settings s) {
        return new SamplingSpec(
                s.integer("networks", 2, 1_000_000),
                s.integer("checkpoint-networks", 2, 1_000_000),
                s.choice("solver", SamplingSpec.Solver.class),
                s.integer("steps", 1, 1_000_000),
                s.real("truncation", 0.01, 1),
                s.real("noise", 0, 10),
                s.real("noise-from", 0, 1),
                GuidanceReader.guidance(s.block("guidance")),
                GuidanceReader.refine(s.block("refine")));
    }

    /** Without a reference there is nothing to deviate from. */
    private static void checkTruncation(Settings root, ExperimentSpec spec) {
        for (FlowSpec flow : spec.flows()) {
            boolean fromReference = flow.prediction() == FlowSpec.Prediction.X1
                    && flow.backbone().referenceFeatures();
            if (spec.sampling().truncation() < 1 && !fromReference) {
                throw root.error(
                        "sampling.truncation",
                        "needs flow %s to predict x1 from reference features".formatted(flow.name()),
                        "Maybe 1?");
            }
        }
    }

    private static EvaluationSpec evaluation(Settings s) {
        return new EvaluationSpec(
                s.integer("networks", 2, 1_000_000),
                s.integer("barrier-networks", 2, 1000),
                s.integer("export", 0, 1_000_000),
                s.integer("calibration-bins", 1, 10_000),
                s.integers("refinement", 1, 1_000_000, 100));
    }

    private static void checkArchitecture(Settings network, ExperimentSpec spec) {
        try {
            TaskShape shape = TaskShape.of(spec.task()).orElse(TaskShape.SMALLEST);
            spec.network().architecture(shape.inputs(), shape.classes());
        } catch (IllegalArgumentException e) {
            throw network.error(
                    "hidden", "is impossible: " + e.getMessage().replaceFirst("\\. Maybe .*", ""), "Maybe [16, 16]?");
        }
    }

    private static void checkExport(Settings root, ExperimentSpec spec) {
        int export = spec.evaluation().export();
        int networks = spec.sampling().networks();
        if (export <= networks) {
            return;
        }
        boolean wroteExport =
                root.written("evaluation.export", "sampling.networks").equals("evaluation.export");
        throw wroteExport
                ? root.error(
                        "evaluation.export",
                        "is more than the %d networks of sampling.networks".formatted(networks),
                        "Maybe %d?".formatted(Math.min(4, networks)))
                : root.error(
                        "sampling.networks",
                        "is fewer than the %d networks of evaluation.export".formatted(export),
                        "Maybe also evaluation.export = %d?".formatted(networks));
    }
}
