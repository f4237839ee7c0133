package dev.zooflow.data;

import dev.zooflow.experiment.UserError;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A classification task ready for training: three disjoint splits, names, and where it came from.
 *
 * @param name of the task, for reports
 * @param train base networks learn from it; the only split that anything is fitted on
 * @param validation for selection
 * @param test for final scores alone
 * @param classes names, by class index
 * @param inputs names of the features
 * @param image present where the features are an image
 * @param normalisation that has been applied
 * @param hashes SHA-256 by file name; {@code generated} for the arrays of a synthetic task
 */
public record Dataset(
        String name,
        Split train,
        Split validation,
        Split test,
        List<String> classes,
        List<String> inputs,
        Optional<ImageShape> image,
        Normalisation normalisation,
        Map<String, String> hashes) {

    /**
     * Copies the collections and checks that the parts fit together.
     *
     * @throws UserError if a split is empty, there is but one class, or a class has no training example
     */
    public Dataset {
        classes = List.copyOf(classes);
        inputs = List.copyOf(inputs);
        hashes = Collections.unmodifiableMap(new LinkedHashMap<>(hashes));
        checkFeatures(inputs.size(), train, validation, test);
        DatasetChecks.check(name, classes, train, validation, test);
    }

    private static void checkFeatures(int features, Split... splits) {
        for (Split split : splits) {
            if (split.features() != features) {
                throw new IllegalArgumentException(
                        "a split has %d features but there are %d input names".formatted(split.features(), features));
            }
        }
    }

    /** Number of inputs of a network for this task. */
    public int features() {
        return train.features();
    }
}
