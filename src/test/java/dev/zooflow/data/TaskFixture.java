package dev.zooflow.data;

import dev.zooflow.experiment.TaskSpec;
import dev.zooflow.experiment.TaskSpec.Kind;
import dev.zooflow.tensor.Seed;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/** Tasks and data files for tests. */
final class TaskFixture {

    private TaskFixture() {}

    static TaskSpec synthetic(Kind kind, int examples, int imageSize) {
        return new TaskSpec(
                kind, 0.1, 0.2, examples, imageSize, 0.15, 1, 3, 30, "", "-1", List.of(), true, ',', true, "", "", "",
                "");
    }

    static TaskSpec csv(String file, String label, List<String> ignore, boolean header, char delimiter) {
        return new TaskSpec(
                Kind.CSV, 0.2, 0.2, 100, 8, 0, 0, 2, 30, file, label, ignore, header, delimiter, true, "", "", "", "");
    }

    static TaskSpec csv(String file) {
        return csv(file, "-1", List.of(), true, ',');
    }

    static TaskSpec idx(String trainImages, String trainLabels, String testImages, String testLabels) {
        return new TaskSpec(
                Kind.IDX,
                0.2,
                0.1,
                100,
                8,
                0,
                0,
                2,
                30,
                "",
                "-1",
                List.of(),
                true,
                ',',
                true,
                trainImages,
                trainLabels,
                testImages,
                testLabels);
    }

    /** An IDX file with one byte for each value. */
    static byte[] idxBytes(int type, int[] dimensions, int... values) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeShort(0);
            out.writeByte(type);
            out.writeByte(dimensions.length);
            for (int dimension : dimensions) {
                out.writeInt(dimension);
            }
            for (int value : values) {
                out.writeByte(value);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static byte[] gzip(byte[] content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static int[] random(int n, int bound, long seed) {
        return new Seed(seed).generator().ints(n, 0, bound).toArray();
    }

    /** The folder with real data sets: ZOOFLOW_DATA_DIR. */
    static Optional<Path> realData() {
        return Optional.ofNullable(System.getenv("ZOOFLOW_DATA_DIR"))
                .filter(folder -> !folder.isBlank())
                .map(Path::of)
                .filter(Files::isDirectory);
    }
}
