package dev.zooflow.exchange;

import dev.zooflow.message.SafeTensors.Tensor;
import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.exceptions.HdfWritingException;
import java.io.IOException;
import java.lang.reflect.Array;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** The data sets of an HDF5 file, named by their path with dots: the data set {@code weight} of group {@code 0} is {@code 0.weight}. */
final class Hdf5 {

    private Hdf5() {}

    /**
     * Reads all data sets.
     *
     * @throws IllegalArgumentException when the file is damaged or a data set holds anything but 32- or 64-bit real numbers
     */
    static Map<String, Tensor> read(Path file) {
        Map<String, Tensor> out = new LinkedHashMap<>();
        try (HdfFile hdf = new HdfFile(file)) {
            collect(hdf, "", out);
        } catch (IllegalArgumentException e) {
            throw e;
        } catch (RuntimeException e) {
            // On damaged files the library fails in as many ways as there are.
            throw new IllegalArgumentException("file can't be read as HDF5: %s. Maybe it is damaged?".formatted(e), e);
        }
        return out;
    }

    /**
     * Writes data sets of rank 1 to 3 into a new file.
     *
     * @throws IOException when it can't be written
     */
    static void write(Map<String, Tensor> tensors, Path file) throws IOException {
        try (WritableHdfFile hdf = HdfFile.write(file)) {
            tensors.forEach((name, tensor) -> hdf.putDataset(name, nested(tensor.floats(), tensor.shape())));
        } catch (HdfWritingException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** Values in C order as an array of arrays. */
    private static Object nested(float[] values, long[] shape) {
        if (shape.length == 1) {
            return values;
        }
        int outer = Math.toIntExact(shape[0]);
        int size = values.length / outer;
        long[] rest = Arrays.copyOfRange(shape, 1, shape.length);
        int[] extents = Arrays.stream(shape).mapToInt(Math::toIntExact).toArray();
        Object array = Array.newInstance(float.class, extents);
        for (int i = 0; i < outer; i++) {
            Array.set(array, i, nested(Arrays.copyOfRange(values, i * size, (i + 1) * size), rest));
        }
        return array;
    }

    private static void collect(Group group, String prefix, Map<String, Tensor> into) {
        for (Node node : group) {
            String name = prefix + node.getName();
            if (node instanceof Group child) {
                collect(child, name + ".", into);
            } else if (node instanceof Dataset data) {
                into.put(name, tensor(name, data));
            }
        }
    }

    private static Tensor tensor(String name, Dataset data) {
        long[] shape = Arrays.stream(data.getDimensions()).asLongStream().toArray();
        Object flat = data.isScalar() || data.isEmpty() ? data.getData() : data.getDataFlat();
        if (flat instanceof float[] values) {
            return Tensor.of(values, shape);
        }
        if (flat instanceof double[] values) {
            return Tensor.of(values, shape);
        }
        throw new IllegalArgumentException("data set (%s) holds %s, no array of real numbers. Maybe leave it out?"
                .formatted(name, data.getJavaType().getSimpleName()));
    }
}
