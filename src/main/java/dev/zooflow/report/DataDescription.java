package dev.zooflow.report;

import java.util.List;

/**
 * What a user of an exported network must know of its inputs and outputs.
 *
 * @param task name of the data set
 * @param inputs names of the features, in order
 * @param classes names of the classes, in the order of the logits
 * @param mean subtracted from each raw feature
 * @param std that each feature is divided by afterwards
 * @param imageHeight rows of the image; 0 where the input is no image
 * @param imageWidth columns of the image; 0 where the input is no image
 */
public record DataDescription(
        String task,
        List<String> inputs,
        List<String> classes,
        float[] mean,
        float[] std,
        int imageHeight,
        int imageWidth) {

    /** Copies the lists. */
    public DataDescription {
        inputs = List.copyOf(inputs);
        classes = List.copyOf(classes);
    }
}
