package dev.zooflow.exchange;

import dev.zooflow.message.SafeTensors.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** Named arrays in a zip archive, as {@code numpy.savez} and {@code numpy.savez_compressed} write them. */
final class Npz {

    private static final String SUFFIX = ".npy";

    private Npz() {}

    /**
     * Reads all arrays, in their order.
     *
     * @throws IllegalArgumentException when the file is no such archive
     */
    static Map<String, Tensor> read(Path file) throws IOException {
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        try (InputStream in = Files.newInputStream(file);
                ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                String name = name(entry);
                if (arrays.putIfAbsent(name, array(name, zip)) != null) {
                    throw new IllegalArgumentException("array (%s) is there twice".formatted(name));
                }
            }
        } catch (ZipException | EOFException e) {
            throw new IllegalArgumentException(
                    "archive is damaged: %s. Maybe copy it again?".formatted(e.getMessage()), e);
        }
        if (arrays.isEmpty()) {
            throw new IllegalArgumentException("archive holds no array. Maybe it is no .npz?");
        }
        return arrays;
    }

    /** An archive of arrays, as {@code numpy.savez} writes it. */
    static byte[] write(Map<String, Tensor> arrays) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, Tensor> array : arrays.entrySet()) {
                zip.putNextEntry(new ZipEntry(array.getKey() + SUFFIX));
                zip.write(Npy.write(array.getValue()));
            }
        }
        return bytes.toByteArray();
    }

    private static String name(ZipEntry entry) {
        if (!entry.getName().endsWith(SUFFIX)) {
            throw new IllegalArgumentException(
                    "archive holds %s, which is no array. Maybe it is no .npz?".formatted(entry.getName()));
        }
        return entry.getName().substring(0, entry.getName().length() - SUFFIX.length());
    }

    private static Tensor array(String name, ZipInputStream zip) throws IOException {
        try {
            return Npy.read(zip);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("array (%s): %s".formatted(name, e.getMessage()), e);
        }
    }
}
