package dev.zooflow.data;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Size of the grey-scale image that an example's features are, row by row from the top left.
 *
 * @param height in pixels
 * @param width in pixels
 */
public record ImageShape(int height, int width) {

    /** Checks that both sides are positive. */
    public ImageShape {
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException("image shape (%d x %d) must be positive".formatted(height, width));
        }
    }

    /** Number of pixels, which is the number of features. */
    public int pixels() {
        return Math.multiplyExact(height, width);
    }

    /** Names of the pixels in the order of the features: {@code pixel-<row>-<column>} from 0. */
    public List<String> pixelNames() {
        return IntStream.range(0, pixels())
                .mapToObj(p -> "pixel-%d-%d".formatted(p / width, p % width))
                .toList();
    }

    @Override
    public String toString() {
        return height + "x" + width;
    }
}
