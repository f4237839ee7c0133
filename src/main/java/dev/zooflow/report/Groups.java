package dev.zooflow.report;

import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.FlowSpec;
import dev.zooflow.experiment.SamplingSpec;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The groups of networks that are scored side by side: their order, and what each is. */
final class Groups {

    private static final String GENERATED = "generated/";
    private static final Map<String, String> BASELINES = new LinkedHashMap<>();

    static {
        BASELINES.put(
                "held-out", "really trained networks that nothing was fitted on: what generated networks should be");
        BASELINES.put("train", "the networks that the flows learn from, each compared with the others");
        BASELINES.put("noise-0.01", "training networks plus very little Gaussian noise: copies in disguise");
        BASELINES.put("noise-0.05", "training networks plus a little Gaussian noise");
        BASELINES.put("soup-16", "means of 16 aligned training networks");
        BASELINES.put("interpolation", "random points between two aligned training networks");
        BASELINES.put("gaussian", "a Gaussian for each coordinate of the aligned zoo: no correlations");
        BASELINES.put("source", "networks drawn from the flows' source; only where the zoo was drawn, too");
        BASELINES.put("retrieval", "training networks handed out again: accurate, and nothing new");
    }

    private Groups() {}

    /** The order of an experiment's groups. */
    static Comparator<String> order(ExperimentSpec spec) {
        return order(
                spec.flows().stream().map(FlowSpec::name).toList(),
                spec.samplings().stream().map(SamplingSpec::name).toList());
    }

    /**
     * held-out, train, the baselines, what is unknown, then the flows in the order given, other flows last, each followed
     * by its variants.
     */
    static Comparator<String> order(List<String> flows, List<String> variants) {
        List<String> known = List.copyOf(BASELINES.keySet());
        return Comparator.comparingInt((String g) -> isGenerated(g) ? 2 : known.contains(g) ? 0 : 1)
                .thenComparingInt(g -> isGenerated(g) ? position(flows, flow(g)) : position(known, g))
                .thenComparing(g -> isGenerated(g) ? flow(g) : g)
                .thenComparingInt(g -> isVariant(g) ? position(variants, variant(g)) : -1)
                .thenComparing(Comparator.naturalOrder());
    }

    private static int position(List<String> list, String element) {
        int index = list.indexOf(element);
        return index < 0 ? list.size() : index;
    }

    static boolean isGenerated(String group) {
        return group.startsWith(GENERATED);
    }

    /** Whether the group holds networks that were really trained. */
    static boolean isTrained(String group) {
        return group.equals("held-out") || group.equals("train");
    }

    /** The flow of a group of generated networks. */
    static String flow(String group) {
        return group.substring(GENERATED.length()).replaceFirst("/.*", "");
    }

    /** Whether the group was generated with a variant of the sampling. */
    static boolean isVariant(String group) {
        return isGenerated(group) && group.indexOf('/', GENERATED.length()) >= 0;
    }

    /** The variant of the sampling; empty where the group has none. */
    static String variant(String group) {
        return isVariant(group) ? group.substring(group.indexOf('/', GENERATED.length()) + 1) : "";
    }

    /** The group of networks that a flow generates. */
    static String generated(String flow) {
        return GENERATED + flow;
    }

    /** What the group is, in a few words. */
    static String explanation(String group) {
        return isGenerated(group)
                ? "networks that the flow “%s” generated".formatted(flow(group))
                        + (isVariant(group) ? ", sampled as “%s”".formatted(variant(group)) : "")
                : BASELINES.getOrDefault(group, "");
    }

    /** Every baseline and what it is, in the order of the table. */
    static Map<String, String> baselines() {
        return BASELINES;
    }
}
