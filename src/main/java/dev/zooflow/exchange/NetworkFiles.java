package dev.zooflow.exchange;

import dev.zooflow.experiment.UserError;
import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.message.AtomicFile;
import dev.zooflow.message.SafeTensors;
import dev.zooflow.message.SafeTensors.Tensor;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Files of networks, named and laid out as {@link StateDict} says: safetensors, NumPy's {@code .npy} and {@code .npz}, HDF5.
 * What is wrong with a file is a {@link UserError} that names it.
 */
public final class NetworkFiles {

    /** Endings of the files that are written. */
    public static final List<String> WRITTEN = List.of("safetensors", "npy", "npz", "h5");

    private static final Set<String> PICKLES = Set.of("pt", "pth", "pkl");
    private static final Set<String> READ = Set.of("safetensors", "npy", "npz", "h5", "hdf5");

    private NetworkFiles() {}

    /**
     * The files of networks at a path: itself, or those below it in the order of their paths. Other files are passed over,
     * but for pickles.
     *
     * @throws UserError when there is none, or a pickle
     */
    public static List<Path> find(Path path) {
        if (!Files.exists(path)) {
            throw UserError.infrastructure("path (%s) does not exist. Maybe a typing error?".formatted(path));
        }
        try (Stream<Path> below = Files.walk(path)) {
            List<Path> files = below.filter(Files::isRegularFile)
                    .filter(file -> READ.contains(extension(file)) || PICKLES.contains(extension(file)))
                    .sorted()
                    .toList();
            if (files.isEmpty()) {
                throw UserError.usage("path (%s) holds no networks. Maybe save them as .safetensors, .npy, .npz or .h5?"
                        .formatted(path));
            }
            files.forEach(NetworkFiles::refusePickle);
            return files;
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    private static String extension(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    private static void refusePickle(Path file) {
        if (PICKLES.contains(extension(file))) {
            String name = String.valueOf(file.getFileName());
            throw UserError.usage(
                    "file (%s) is a pickle, a program that runs when it is read. Maybe convert it in Python: from safetensors.torch import save_file; save_file(torch.load(\"%s\", weights_only=True), \"%s\")?"
                            .formatted(file, name, name.replaceFirst("\\.[^.]*$", ".safetensors")));
        }
    }

    /**
     * All networks of a file, or of all files below a directory in the order of {@link #find}.
     *
     * @throws UserError when a file can't be read, is damaged, or holds networks of another architecture
     */
    public static WeightBatch read(Path path, Architecture architecture) {
        return WeightBatch.concat(
                find(path).stream().map(file -> ofFile(file, architecture)).toList());
    }

    private static WeightBatch ofFile(Path file, Architecture architecture) {
        try {
            return StateDict.decode(tensors(file), architecture);
        } catch (IllegalArgumentException e) {
            throw UserError.usage("file (%s): %s".formatted(file, e.getMessage()), e);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static Map<String, Tensor> tensors(Path file) throws IOException {
        return switch (extension(file)) {
            case "safetensors" -> SafeTensors.read(file).tensors();
            case "npz" -> Npz.read(file);
            case "npy" -> {
                try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
                    yield Map.of("array", Npy.read(in));
                }
            }
            default -> Hdf5.read(file);
        };
    }

    /**
     * Writes networks as one file, which {@link #read} reads: what the ending says, safetensors unless it is one of the others.
     * An {@code .npy} holds whole networks [n, D], the others a tensor for each parameter.
     *
     * @param metadata for the header of safetensors, beside {@code format}; other files have no place for it
     * @throws UserError when it can't be written
     */
    public static void write(WeightBatch networks, Map<String, String> metadata, Path file) {
        try {
            switch (extension(file)) {
                case "npy" -> AtomicFile.write(file, Npy.write(StateDict.whole(networks)));
                case "npz" -> AtomicFile.write(file, Npz.write(StateDict.encode(networks)));
                case "h5", "hdf5" -> {
                    Files.createDirectories(file.toAbsolutePath().getParent());
                    Hdf5.write(StateDict.encode(networks), file);
                }
                default -> {
                    Map<String, String> header = new TreeMap<>(metadata);
                    header.put("format", "pt");
                    new SafeTensors(StateDict.encode(networks), header).write(file);
                }
            }
        } catch (IOException e) {
            throw UserError.infrastructure(String.valueOf(e.getMessage()), e);
        }
    }

    private static UserError unreadable(Path path, IOException e) {
        return UserError.infrastructure(
                "path (%s) can't be read: %s. Maybe its permissions forbid it?".formatted(path, e), e);
    }
}
