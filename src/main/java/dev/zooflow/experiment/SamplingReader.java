package dev.zooflow.experiment;

import com.typesafe.config.Config;
import dev.zooflow.graph.Architecture;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Reads and checks {@code sampling} and the elements of {@code samplings}, below which {@code sampling} lies. */
final class SamplingReader {

    private SamplingReader() {}

    /** The block {@code sampling} itself. */
    static SamplingSpec read(Settings s, NetworkSpec network, List<FlowSpec> flows) {
        if (!s.text("name").isEmpty()) {
            throw s.error("name", "is for elements of samplings only", "Maybe samplings = [{ name = … }]?");
        }
        return sampling("", s, network, flows);
    }

    /** What a flow's block says of its own sampling, above the one that all share. */
    static Optional<SamplingSpec> own(Settings element, Config shared, NetworkSpec network, FlowSpec flow) {
        return element.above("sampling", shared).map(s -> read(s, network, List.of(flow)));
    }

    /** Its variants. */
    static List<SamplingSpec> variants(Config config, NetworkSpec network, List<FlowSpec> flows) {
        List<Settings> elements = Elements.of(config, "samplings", "{ name = steps-4, steps = 4 }");
        List<SamplingSpec> variants =
                elements.stream().map(s -> sampling(name(s), s, network, flows)).toList();
        Elements.checkNames(elements, "samplings");
        return variants;
    }

    private static String name(Settings s) {
        if (s.text("name").isEmpty()) {
            throw s.error("name", "is empty", "Maybe name = steps-%d?".formatted(s.integer("steps", 1, 1_000_000)));
        }
        return Names.check(s, "name", Names.LONGEST);
    }

    private static SamplingSpec sampling(String name, Settings s, NetworkSpec network, List<FlowSpec> flows) {
        SamplingSpec sampling = new SamplingSpec(
                name,
                s.integers("hidden", 1, Architecture.MAX_WIDTH, network.hidden().size()),
                s.integer("networks", 2, 1_000_000),
                s.integer("checkpoint-networks", 2, 1_000_000),
                s.choice("solver", SamplingSpec.Solver.class),
                s.integer("steps", 1, 1_000_000),
                s.real("rtol", 1e-6, 1),
                s.real("atol", 1e-6, 1),
                s.real("truncation", 0.01, 1),
                s.real("noise", 0, 10),
                s.real("noise-from", 0, 1),
                GuidanceReader.guidance(s.block("guidance")),
                GuidanceReader.refine(s.block("refine")));
        checkNoise(s, sampling);
        checkHidden(s, sampling, network, flows);
        checkTruncation(s, sampling, flows);
        return sampling;
    }

    private static void checkNoise(Settings s, SamplingSpec sampling) {
        if (sampling.solver().isAdaptive() && sampling.noise() > 0) {
            throw s.error(
                    s.written("noise", "solver"),
                    "does not go together: noise is added before a fixed step, and dopri5 has none",
                    "Maybe solver = heun?");
        }
    }

    /** A flow repeats neurons of its reference; it takes none away. */
    private static void checkHidden(Settings s, SamplingSpec sampling, NetworkSpec network, List<FlowSpec> flows) {
        List<Integer> own = network.hidden();
        List<Integer> hidden = sampling.hidden();
        boolean wider = hidden.size() == own.size()
                && IntStream.range(0, own.size()).allMatch(l -> hidden.get(l) >= own.get(l));
        if (!hidden.isEmpty() && !wider) {
            throw s.error(
                    "hidden",
                    "is not network.hidden with wider layers",
                    "Maybe %s?".formatted(own.stream().map(w -> 2 * w).toList()));
        }
        for (FlowSpec flow : flows) {
            if (!hidden.isEmpty() && !flow.backbone().readsOtherWidths(own.size())) {
                throw s.error(
                        "hidden",
                        "can't be read by flow %s".formatted(flow.name()),
                        "Maybe a graph backbone with hidden-embedding = shared?");
            }
        }
    }

    /** Without a reference there is nothing to deviate from. */
    private static void checkTruncation(Settings s, SamplingSpec sampling, List<FlowSpec> flows) {
        for (FlowSpec flow : flows) {
            boolean fromReference =
                    flow.prediction().endPoint() && flow.backbone().referenceFeatures();
            if (sampling.truncation() < 1 && !fromReference) {
                throw s.error(
                        "truncation",
                        "needs flow %s to predict x1 from reference features".formatted(flow.name()),
                        "Maybe 1?");
            }
        }
    }
}
