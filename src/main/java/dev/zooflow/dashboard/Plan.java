package dev.zooflow.dashboard;

import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.FlatKeys;
import dev.zooflow.experiment.FlowSpec;
import dev.zooflow.experiment.SweepSpec;
import dev.zooflow.experiment.UserError;
import dev.zooflow.experiment.Variant;
import dev.zooflow.message.RunEvent.RunSubmitted;
import dev.zooflow.message.RunEvent.TrialProposed;
import dev.zooflow.report.BestNetworks;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** What the experiment of a run says of its trials. Owned by one thread. */
final class Plan {

    /** Of an experiment that this version can't read. */
    private static final SweepSpec.Metric UNKNOWN = SweepSpec.Metric.of(BestNetworks.METRIC, SweepSpec.Goal.MAXIMIZE);

    private final BiConsumer<String, Map<String, Object>> trials;
    private final Map<Integer, TrialProposed> proposals = new HashMap<>();
    private final Set<String> different = new HashSet<>();
    private Map<String, Object> series = Map.of();
    private Optional<ExperimentSpec> spec = Optional.empty();
    private int planned;

    /**
     * An empty one.
     *
     * @param trials takes the name of each trial with its values of the keys in which trials differ, again when there are more keys
     */
    Plan(BiConsumer<String, Map<String, Object>> trials) {
        this.trials = trials;
    }

    void on(RunSubmitted event) {
        series = readable(() -> Variant.settings(event.provenance().getOrDefault(Variant.EACH, "")))
                .orElse(series);
        if (!event.experiment().isEmpty()) {
            spec = readable(() -> ExperimentFile.parse(event.experiment())).or(() -> spec);
        }
        plan();
    }

    /** A trial that was proposed while the run goes on. */
    void on(TrialProposed proposal) {
        proposals.put(proposal.number(), proposal);
        plan();
    }

    private void plan() {
        spec = spec.flatMap(s -> readable(() -> TrialProposed.append(s, proposals)))
                .or(() -> spec);
        List<FlowSpec> flows = spec.map(ExperimentSpec::flows).orElse(List.of());
        List<FlowSpec> added = flows.subList(planned, flows.size());
        planned = flows.size();
        int before = different.size();
        added.forEach(flow -> different.addAll(differences(flow, flows.get(0))));
        (different.size() > before ? flows : added).forEach(flow -> {
            Map<String, Object> keys = FlatKeys.of(flow);
            keys.keySet().retainAll(different);
            trials.accept(flow.name(), Map.copyOf(keys));
        });
    }

    /** Empty for what another version wrote; trials show when their events do. */
    private static <T> Optional<T> readable(Supplier<T> reader) {
        try {
            return Optional.of(reader.get());
        } catch (UserError e) {
            return Optional.empty();
        }
    }

    private static Set<String> differences(FlowSpec one, FlowSpec other) {
        Map<String, Object> keys = FlatKeys.of(one);
        Map<String, Object> others = FlatKeys.of(other);
        Set<String> all = new HashSet<>(keys.keySet());
        all.addAll(others.keySet());
        all.remove("name");
        all.removeIf(key -> String.valueOf(keys.get(key)).equals(String.valueOf(others.get(key))));
        return all;
    }

    /** The values that the run has and others of its series have not. */
    Map<String, Object> series() {
        return series;
    }

    /** What ranks the trials. */
    SweepSpec.Metric metric() {
        return spec.map(BestNetworks::metricOf).orElse(UNKNOWN);
    }

    Optional<ExperimentSpec> spec() {
        return spec;
    }
}
