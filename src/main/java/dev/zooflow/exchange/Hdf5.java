package dev.zooflow.exchange;

import dev.zooflow.message.SafeTensors.Tensor;
import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
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
