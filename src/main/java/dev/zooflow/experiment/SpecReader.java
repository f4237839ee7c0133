package dev.zooflow.experiment;

import com.typesafe.config.Config;
import dev.zooflow.graph.Activation;
import java.util.List;
import java.util.Optional;

/** Reads and checks a whole experiment, below which the defaults lie. */
final class SpecReader {

    private SpecReader() {}

    static ExperimentSpec read(Config config) {
        Settings root = new Settings(config, "");
        ZooSpec zoo = ZooReader.zoo(root.block("zoo"));
        NetworkSpec network = ZooReader.network(root.block("network"));
        List<FlowSpec> flows = flows(config, root, zoo, network);
        List<FlowSpec> sharing =
                flows.stream().filter(flow -> flow.sampling().isEmpty()).toList();
        List<SamplingSpec> samplings = SamplingReader.variants(config, network, flows);
        ExperimentSpec spec = new ExperimentSpec(
                Names.check(root, "name", RunId.LONGEST_NAME),
                root.integer("seed", Long.MIN_VALUE, Long.MAX_VALUE),
                TaskReader.read(root.block("task")),
                network,
                zoo,
                flows,
                SamplingReader.read(root.block("sampling"), network, sharing),
                samplings,
                evaluation(root.block("evaluation")),
                config.hasPath("transfer")
                        ? Optional.of(GuidanceReader.transfer(root.block("transfer")))
                        : Optional.empty(),
                config.hasPath("sweep") ? Optional.of(SweepReader.read(root.block("sweep"))) : Optional.empty(),
                PublicationReader.read(config, flows, samplings));
        checkArchitecture(root.block("network"), spec);
        checkExport(root, spec);
        GuidanceReader.checkTransfer(root, spec);
        return spec;
    }

    private static List<FlowSpec> flows(Config config, Settings root, ZooSpec zoo, NetworkSpec network) {
        List<Settings> elements = Elements.of(config, "flows", "{ name = geometric }");
        if (elements.isEmpty()) {
            throw root.error("flows", "is empty", "Maybe [{ name = geometric }]?");
        }
        List<FlowSpec> flows = elements.stream()
                .map(element -> own(element, config, network, FlowReader.read(element)))
                .toList();
        Elements.checkNames(elements, "flows");
        for (int i = 0; i < flows.size(); i++) {
            checkScaling(root, i, flows.get(i));
            checkTrajectories(elements.get(i), flows.get(i), zoo);
        }
        return flows;
    }

    private static FlowSpec own(Settings element, Config config, NetworkSpec network, FlowSpec flow) {
        return flow.with(
                SamplingReader.own(element, config.getConfig("sampling"), network, flow),
                GuidanceReader.own(element, config));
    }

    private static void checkTrajectories(Settings s, FlowSpec flow, ZooSpec zoo) {
        if (flow.zooTrajectories() > zoo.trainingTrajectories()) {
            throw s.error(
                    "zoo-trajectories",
                    "is more than the %d of zoo.training-trajectories".formatted(zoo.trainingTrajectories()),
                    "Maybe 0, for all of them?");
        }
        if (flow.coupling() == FlowSpec.CouplingKind.TRAJECTORY && zoo.kind() != ZooSpec.Kind.TRAINED) {
            throw s.error(
                    "coupling",
                    "needs initial weights, which are known only of a zoo that is trained here",
                    "Maybe independent?");
        }
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

    private static EvaluationSpec evaluation(Settings s) {
        return new EvaluationSpec(
                s.integer("networks", 2, 1_000_000),
                s.integer("barrier-networks", 2, 1000),
                s.integer("export", 0, 1_000_000),
                s.integer("calibration-bins", 1, 10_000),
                likelihood(s.block("likelihood")),
                s.integers("refinement", 1, 1_000_000, 100));
    }

    private static LikelihoodSpec likelihood(Settings s) {
        LikelihoodSpec likelihood = new LikelihoodSpec(
                s.integer("networks", 0, 1_000_000),
                s.choice("solver", SamplingSpec.Solver.class),
                s.integer("steps", 1, 1_000_000),
                s.integer("probes", 2, 1_000_000),
                s.real("end", 0.01, 0.999));
        if (likelihood.solver().isAdaptive()) {
            throw s.error("solver", "has no fixed steps, which probes of one path need", "Maybe rk4?");
        }
        return likelihood;
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
