package dev.zooflow.data;

import dev.zooflow.data.IdxFile.Content;
import dev.zooflow.experiment.UserError;
import java.nio.file.Path;

/**
 * A pair of IDX files of the same length: images [n, h, w] and labels [n].
 *
 * @param images bytes 0 … 255
 * @param labels bytes 0 … 255
 */
record LabelledImages(IdxFile images, IdxFile labels) {

    /** Largest byte; pixels are divided by it. */
    static final float WHITE = 255;

    /** Checks that there is one label per image. */
    LabelledImages {
        if (images.count() != labels.count()) {
            throw UserError.infrastructure(
                    "IDX files (%s, %s) hold %d images but %d labels. Maybe they belong to different splits?"
                            .formatted(images.path(), labels.path(), images.count(), labels.count()));
        }
    }

    static LabelledImages read(Path images, Path labels) {
        return new LabelledImages(IdxFile.read(images, Content.IMAGES), IdxFile.read(labels, Content.LABELS));
    }

    ImageShape shape() {
        return new ImageShape(images.dimensions()[1], images.dimensions()[2]);
    }

    /** Labels as they stand in the file. */
    int[] rawLabels() {
        int[] raw = new int[labels.count()];
        for (int i = 0; i < raw.length; i++) {
            raw[i] = labels.label(i);
        }
        return raw;
    }

    /**
     * The images at these rows with pixels in [0, 1].
     *
     * @param classes class index of every row of the file
     */
    Split select(int[] rows, int[] classes) {
        int pixels = shape().pixels();
        if ((long) rows.length * pixels > Integer.MAX_VALUE - 8L) {
            throw UserError.infrastructure(
                    "IDX file (%s) holds %d images of %d pixels, more than fit into one array. Maybe use fewer images?"
                            .formatted(images.path(), rows.length, pixels));
        }
        float[] x = new float[rows.length * pixels];
        int[] y = new int[rows.length];
        for (int i = 0; i < rows.length; i++) {
            int from = rows[i] * pixels;
            for (int p = 0; p < pixels; p++) {
                x[i * pixels + p] = Byte.toUnsignedInt(images.data()[from + p]) / WHITE;
            }
            y[i] = classes[rows[i]];
        }
        return new Split(x, y, pixels);
    }
}
