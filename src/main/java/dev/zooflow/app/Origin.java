package dev.zooflow.app;

import dev.zooflow.actor.Ingredients;
import dev.zooflow.data.Dataset;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.Provenance;
import dev.zooflow.tensor.Seed;
import dev.zooflow.zoo.ImportedZoo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where a run comes from: its {@link Provenance}, the nodes of its seed tree, what it computes with, and its data. */
final class Origin {

    /** The nodes below the root of the seed tree; flows, checkpoints and trajectories are children of these. */
    static final List<String> SEEDS = List.of("data", "zoo", "flow", "sample", "evaluation", "likelihood", "transfer");

    private Origin() {}

    /** Of a run that computes in this process, or begins here; keys in reading order. */
    static Map<String, String> collect(ExperimentSpec spec, Dataset dataset, Optional<ImportedZoo> zoo) {
        Map<String, String> origin = new LinkedHashMap<>(collect(spec));
        origin.putAll(Ingredients.of(dataset, zoo));
        return origin;
    }

    /** Of a run that begins here and computes elsewhere, where its {@link Ingredients} are told. */
    static Map<String, String> collect(ExperimentSpec spec) {
        Map<String, String> origin = new LinkedHashMap<>(Provenance.collect(spec));
        Seed root = new Seed(spec.seed());
        SEEDS.forEach(name ->
                origin.put("seed." + name, Long.toString(root.child(name).value())));
        return origin;
    }
}
