package dev.zooflow.report;

import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.FlatKeys;
import dev.zooflow.experiment.FlowSpec;
import dev.zooflow.experiment.SamplingSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Groups that differ in one number of the experiment and in nothing else: the scores against that number are a curve.
 *
 * @param key of the number: {@code sampling.steps}, {@code flow.backbone.width}, …
 * @param curves each a name and its groups by the number
 */
record OneChange(String key, Map<String, Map<Double, String>> curves) {

    /** Keys that say what to call and how many, not what. */
    static final Set<String> ASIDE = Set.of("name", "networks", "checkpoint-networks");

    private static final String TRAJECTORIES = "zoo-trajectories";

    /** A group that takes part, with the keys it was made with. */
    private record Member(String curve, String group, Map<String, Object> keys) {}

    /** All such changes in an experiment: over its samplings, a curve for each flow, and over its flows. */
    static List<OneChange> of(ExperimentSpec spec) {
        List<OneChange> changes = new ArrayList<>(over("sampling.", samplings(spec)));
        changes.addAll(over("flow.", flows(spec)));
        return changes;
    }

    private static List<Member> samplings(ExperimentSpec spec) {
        List<Member> members = new ArrayList<>();
        for (FlowSpec flow : spec.flows()) {
            for (SamplingSpec s : spec.allSamplings(flow)) {
                String group = Groups.generated(flow.name()) + (s.name().isEmpty() ? "" : "/" + s.name());
                Map<String, Object> keys = FlatKeys.of(s);
                keys.put("flow", flow.name());
                members.add(new Member(flow.name(), group, keys));
            }
        }
        return members;
    }

    private static List<Member> flows(ExperimentSpec spec) {
        return spec.flows().stream()
                .map(flow -> {
                    Map<String, Object> keys = FlatKeys.of(flow);
                    // 0 stands for all of them.
                    keys.replace(TRAJECTORIES, 0, spec.zoo().trainingTrajectories());
                    return new Member(flow.name(), Groups.generated(flow.name()), keys);
                })
                .toList();
    }

    private static List<OneChange> over(String prefix, List<Member> members) {
        TreeSet<String> numeric = new TreeSet<>();
        members.forEach(m -> m.keys().forEach((key, value) -> {
            if (value instanceof Number && !ASIDE.contains(key)) {
                numeric.add(key);
            }
        }));
        return numeric.stream()
                .map(key -> new OneChange(prefix + key, curves(key, members)))
                .filter(change -> !change.curves().isEmpty())
                .toList();
    }

    /** Members that agree in all other keys are a curve, if there are two numbers or more. */
    private static Map<String, Map<Double, String>> curves(String key, List<Member> members) {
        Map<Map<String, Object>, Map<Double, String>> byRest = new LinkedHashMap<>();
        Map<Map<String, Object>, String> names = new LinkedHashMap<>();
        for (Member m : members) {
            Map<String, Object> rest = new LinkedHashMap<>(m.keys());
            rest.keySet().removeAll(ASIDE);
            Object value = rest.remove(key);
            if (value instanceof Number number) {
                byRest.computeIfAbsent(rest, r -> new TreeMap<>()).putIfAbsent(number.doubleValue(), m.group());
                names.putIfAbsent(rest, m.curve());
            }
        }
        Map<String, Map<Double, String>> curves = new LinkedHashMap<>();
        byRest.forEach((rest, groups) -> {
            if (groups.size() > 1) {
                curves.put(names.get(rest), groups);
            }
        });
        return curves;
    }
}
