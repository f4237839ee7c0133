package dev.zooflow.experiment;

import java.util.List;

/**
 * A classification task and where its examples come from; keys that a kind does not use keep their defaults.
 *
 * @param kind source of the examples
 * @param validationFraction of the examples (of the training files for idx)
 * @param testFraction of the examples (unused for idx, whose test files stay whole)
 * @param examples synthetic kinds: number over all splits
 * @param imageSize digits: side in pixels
 * @param noise synthetic kinds: standard deviation of pixels or coordinates
 * @param distortion digits: strength of the affine distortion
 * @param arms spirals: number of classes
 * @param features blobs: number of features
 * @param file csv
 * @param label csv: column by name or index
 * @param ignore csv: columns left out, by name or index
 * @param header csv
 * @param delimiter csv
 * @param standardise csv: fitted on the training split
 * @param trainImages idx
 * @param trainLabels idx
 * @param testImages idx
 * @param testLabels idx
 */
public record TaskSpec(
        Kind kind,
        double validationFraction,
        double testFraction,
        int examples,
        int imageSize,
        double noise,
        double distortion,
        int arms,
        int features,
        String file,
        String label,
        List<String> ignore,
        boolean header,
        char delimiter,
        boolean standardise,
        String trainImages,
        String trainLabels,
        String testImages,
        String testLabels) {

    /** Sources of examples. */
    public enum Kind {
        DIGITS,
        SPIRALS,
        TWO_MOONS,
        BLOBS,
        CSV,
        IDX,
        MNIST,
        FASHION_MNIST,
        WDBC
    }

    /** Copies the list. */
    public TaskSpec {
        ignore = List.copyOf(ignore);
    }
}
