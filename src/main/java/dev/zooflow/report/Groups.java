package dev.zooflow.report;

import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.FlowSpec;
import dev.zooflow.experiment.SamplingSpec;
import dev.zooflow.message.Event.GeneratedNetworks;
import dev.zooflow.message.Event.Score;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The groups of networks that are scored side by side: their order, and what each is. */
final class Groups {

    static final String GENERATED = "generated/";
    private static final String TRANSFER = "transfer/";
    private static final Pattern REFINED = Pattern.compile("\\+\\d+$");
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
        BASELINES.put("gaussian-joint", "one Gaussian with the covariances of the aligned zoo's last networks");
        BASELINES.put("source", "networks drawn from the flows' source; only where the zoo was drawn, too");
        BASELINES.put("retrieval", "training networks handed out again: accurate, and nothing new");
        BASELINES.put("random", "freshly initialised networks, shown after refinement only");
    }

    private Groups() {}

    /** The order of an experiment's groups. */
    static Comparator<String> order(ExperimentSpec spec) {
        return order(
                spec.flows().stream().map(FlowSpec::name).toList(),
                spec.samplings().stream().map(SamplingSpec::name).toList());
    }

    /**
     * held-out, train, the baselines, what is unknown, then the flows in the order given, other flows, each followed by its
     * variants, and transfers last; each group before its refinements.
     */
    static Comparator<String> order(List<String> flows, List<String> variants) {
        List<String> known = List.copyOf(BASELINES.keySet());
        return Comparator.comparingInt(
                        (String g) -> isTransfer(g) ? 3 : isGenerated(g) ? 2 : known.contains(start(g)) ? 0 : 1)
                .thenComparingInt(g -> isGenerated(g) ? position(flows, flow(g)) : position(known, start(g)))
                .thenComparing(g -> isGenerated(g) ? flow(g) : start(g))
                .thenComparingInt(g -> isVariant(g) ? position(variants, variant(start(g))) : -1)
                .thenComparing(new NaturalOrder());
    }

    private static int position(List<String> list, String element) {
        int index = list.indexOf(element);
        return index < 0 ? list.size() : index;
    }

    static boolean isGenerated(String group) {
        return group.startsWith(GENERATED);
    }

    /** Whether the group is another one after some gradient steps: group+k. */
    static boolean isRefined(String group) {
        return REFINED.matcher(group).find();
    }

    /** The group that a refinement began with, or the group itself. */
    static String start(String group) {
        return REFINED.matcher(group).replaceFirst("");
    }

    /** Whether the group was scored on another task. */
    static boolean isTransfer(String group) {
        return group.startsWith(TRANSFER);
    }

    /** Whether the group holds networks that were really trained. */
    static boolean isTrained(String group) {
        return group.equals("held-out") || group.equals("train");
    }

    /** The flow of a group of generated networks. */
    static String flow(String group) {
        return group.substring(GENERATED.length()).replaceFirst("[/+].*", "");
    }

    /** Whether the group is what a flow's sampling itself generated, without variant and refinement. */
    static boolean isFlow(String group) {
        return isGenerated(group) && !isVariant(group) && !isRefined(group);
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

    /** The group that these networks are. */
    static String of(GeneratedNetworks networks) {
        return Score.groupOf(networks.flow(), networks.variant());
    }

    /** What the group is, in a few words. */
    static String explanation(String group) {
        if (isRefined(group)) {
            String steps = group.substring(start(group).length() + 1);
            return "%s, after %s further gradient steps".formatted(explanation(start(group)), steps);
        }
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
