package dev.zooflow.actor;

import dev.zooflow.data.Dataset;
import dev.zooflow.tensor.Torch;
import dev.zooflow.zoo.ImportedZoo;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What results come from besides an experiment: the engine of this process and the files that were read. */
public final class Ingredients {

    private Ingredients() {}

    /** Those of a run, by name, in reading order. */
    public static Map<String, String> of(Dataset dataset, Optional<ImportedZoo> zoo) {
        Map<String, String> ingredients = new LinkedHashMap<>();
        ingredients.put("threads", Integer.toString(Torch.threads()));
        ingredients.putAll(Torch.versions());
        dataset.hashes().forEach((source, hash) -> ingredients.put("data." + source, hash));
        zoo.ifPresent(imported -> ingredients.put("data.zoo", imported.hash()));
        return ingredients;
    }
}
