package dev.zooflow.data;

import dev.zooflow.experiment.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * An array of unsigned bytes in LeCun's IDX format: two zero bytes, the type (8 is unsigned byte), the number of
 * dimensions, each dimension as a big-endian 32-bit number, then the data in C order.
 *
 * @param path it was read from
 * @param dimensions of the array, each positive
 * @param data as many bytes as the dimensions' product
 * @param sha256 of the decompressed file
 */
record IdxFile(Path path, int[] dimensions, byte[] data, String sha256) {

    private static final int UNSIGNED_BYTE = 8;
    private static final int MAGIC_BYTES = 4;
    // The longest array that every virtual machine can make.
    private static final long LARGEST = Integer.MAX_VALUE - 8L;

    /** What a file is expected to hold, by its number of dimensions. */
    enum Content {
        IMAGES(3),
        LABELS(1);

        private final int rank;

        Content(int rank) {
            this.rank = rank;
        }
    }

    /**
     * Reads a file, gzipped or not. Memory for the data is taken only as far as the file really delivers it.
     *
     * @throws UserError naming what is wrong with the file
     */
    static IdxFile read(Path path, Content content) {
        try (HashedInput in = HashedInput.open(path)) {
            checkMagic(path, in.content().readNBytes(MAGIC_BYTES), content);
            int[] dimensions = dimensions(path, in.content(), content.rank);
            int length = length(path, dimensions);
            byte[] data = in.content().readNBytes(length);
            checkLength(path, dimensions, data.length, length, in.content());
            return new IdxFile(path, dimensions, data, in.sha256());
        } catch (IOException e) {
            throw HashedInput.unreadable(path, e);
        }
    }

    /** Number of items, the first dimension. */
    int count() {
        return dimensions[0];
    }

    /** Item {@code i} of a file of labels, in [0, 255]. */
    int label(int i) {
        return Byte.toUnsignedInt(data[i]);
    }

    private static void checkMagic(Path path, byte[] magic, Content content) {
        if (magic.length < MAGIC_BYTES || magic[0] != 0 || magic[1] != 0) {
            throw fault(path, "does not begin like an IDX file", "Maybe it is another format, or an error page?");
        }
        if (magic[2] != UNSIGNED_BYTE) {
            throw fault(
                    path,
                    "holds values of IDX type 0x%02X, but only unsigned bytes (0x08) can be read".formatted(magic[2]),
                    "Maybe convert it?");
        }
        if (magic[3] != content.rank) {
            throw fault(
                    path,
                    "has %d dimensions, but a file of %s has %d"
                            .formatted(magic[3], content.name().toLowerCase(Locale.ROOT), content.rank),
                    "Maybe images and labels are swapped?");
        }
    }

    private static int[] dimensions(Path path, InputStream in, int rank) throws IOException {
        byte[] header = in.readNBytes(Integer.BYTES * rank);
        if (header.length < Integer.BYTES * rank) {
            throw fault(path, "ends within its header", "Maybe the download was cut off?");
        }
        int[] dimensions = new int[rank];
        ByteBuffer.wrap(header).asIntBuffer().get(dimensions);
        return dimensions;
    }

    private static int length(Path path, int[] dimensions) {
        long length = 1;
        for (int dimension : dimensions) {
            if (dimension <= 0 || length > LARGEST / dimension) {
                throw fault(
                        path, "has impossible dimensions %s".formatted(unsigned(dimensions)), "Maybe it is damaged?");
            }
            length *= dimension;
        }
        return (int) length;
    }

    private static void checkLength(Path path, int[] dimensions, int found, int expected, InputStream rest)
            throws IOException {
        if (found < expected) {
            throw fault(
                    path,
                    "holds %d bytes of data, but its dimensions %s need %d"
                            .formatted(found, unsigned(dimensions), expected),
                    "Maybe the download was cut off?");
        }
        if (rest.read() >= 0) {
            throw fault(
                    path,
                    "holds more than the %d bytes of its dimensions %s".formatted(expected, unsigned(dimensions)),
                    "Maybe it is damaged?");
        }
    }

    private static String unsigned(int[] dimensions) {
        return Arrays.toString(
                Arrays.stream(dimensions).mapToLong(Integer::toUnsignedLong).toArray());
    }

    private static UserError fault(Path path, String what, String remedy) {
        return UserError.infrastructure("IDX file (%s) %s. %s".formatted(path, what, remedy));
    }
}
