package dev.zooflow.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.zooflow.exchange.StateDict;
import dev.zooflow.experiment.Provenance;
import dev.zooflow.experiment.UserError;
import dev.zooflow.graph.Architecture;
import dev.zooflow.message.AtomicFile;
import dev.zooflow.message.Event.GeneratedNetworks;
import dev.zooflow.message.Event.Score;
import dev.zooflow.message.SafeTensors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Writes generated networks as PyTorch users expect them: a folder each with {@code model.safetensors} (named as an
 * {@code nn.Sequential} names its parameters), {@code config.json}, {@code README.md} and {@code SHA256SUMS}, and one
 * {@code index.jsonl} with a line for each. The index is written last: what it names is whole. A folder is named by the flow,
 * the variant of the sampling if there is one, and a number.
 */
public final class NetworkExport {

    private final RunRecord record;
    private final DataDescription data;
    private final Path directory;
    private final List<String> index = new ArrayList<>();
    private final List<Path> folders = new ArrayList<>();

    private NetworkExport(RunRecord record, DataDescription data, Path directory) {
        this.record = record;
        this.data = data;
        this.directory = directory;
    }

    /**
     * Exports every generated network that the record holds.
     *
     * @param directory that receives the folders; created if missing
     * @return the folders, in the order of the index
     * @throws UserError of infrastructure when a file can't be written
     */
    public static List<Path> write(RunRecord record, DataDescription data, Path directory) {
        return new NetworkExport(record, data, directory).write(export -> {
            for (GeneratedNetworks networks : record.generated()) {
                for (int i = 0; i < networks.networks().size(); i++) {
                    export.network(networks, i, "");
                }
            }
        });
    }

    /**
     * Exports the best networks alone, in their order.
     *
     * @param directory that receives the folders; created if missing
     * @return the folders, in the order of the index
     * @throws UserError of infrastructure when a file can't be written
     */
    public static List<Path> write(RunRecord record, DataDescription data, BestNetworks best, Path directory) {
        return new NetworkExport(record, data, directory).write(export -> {
            for (int rank = 1; rank <= best.indices().size(); rank++) {
                export.network(best.networks(), best.indices().get(rank - 1), best.origin(rank));
            }
        });
    }

    /** Writes some networks. */
    private interface Networks {
        void write(NetworkExport export) throws IOException;
    }

    private List<Path> write(Networks networks) {
        try {
            networks.write(this);
            AtomicFile.write(directory.resolve("index.jsonl"), bytes(String.join("", index)));
            return List.copyOf(folders);
        } catch (IOException e) {
            throw UserError.infrastructure(String.valueOf(e.getMessage()), e);
        }
    }

    private void network(GeneratedNetworks networks, int i, String choice) throws IOException {
        String name = ModelCard.name(networks, i);
        Architecture architecture = networks.networks().architecture();
        Map<String, Double> scores = scores(networks, i);
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("model.safetensors", model(networks, i).encode());
        files.put("config.json", Json.pretty(config(networks, i, architecture)));
        files.put("README.md", bytes(ModelCard.write(record, data, networks, i, scores, choice)));
        Path folder = directory.resolve(name);
        StringBuilder sums = new StringBuilder();
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            AtomicFile.write(folder.resolve(file.getKey()), file.getValue());
            sums.append(sha256(file.getValue()))
                    .append("  ")
                    .append(file.getKey())
                    .append('\n');
        }
        AtomicFile.write(folder.resolve("SHA256SUMS"), bytes(sums.toString()));
        ObjectNode line = Json.object();
        line.put("path", name);
        line.put("flow", networks.flow());
        variant(networks).ifPresent(variant -> line.put("variant", variant));
        line.put("index", i);
        scores.forEach((key, value) -> Json.put(line, key, value));
        index.add(Json.line(line) + "\n");
        folders.add(folder);
    }

    /** Scores of this single network, as far as the evaluation gives one value per network. */
    private Map<String, Double> scores(GeneratedNetworks networks, int i) {
        Map<String, Double> out = new LinkedHashMap<>();
        Optional<Score> score = record.score(Groups.of(networks));
        for (String key : List.of("accuracy", "loss", "nn_ratio")) {
            score.map(s -> s.series().get(key)).filter(s -> i < s.length).ifPresent(s -> out.put(key, s[i]));
        }
        return out;
    }

    private SafeTensors model(GeneratedNetworks networks, int i) {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("format", "pt");
        metadata.putAll(origin(networks, i));
        return new SafeTensors(StateDict.encode(networks.networks().slice(i, i + 1)), metadata);
    }

    private Map<String, String> origin(GeneratedNetworks networks, int i) {
        Map<String, String> out = new LinkedHashMap<>();
        out.put("run", record.run().value());
        out.put("flow", networks.flow());
        variant(networks).ifPresent(variant -> out.put("variant", variant));
        out.put("step", Long.toString(networks.step()));
        out.put("index", Integer.toString(i));
        record.provenance().forEach(out::putIfAbsent);
        out.remove(Provenance.GIT_DIFF);
        return out;
    }

    private static Optional<String> variant(GeneratedNetworks networks) {
        return Optional.of(networks.variant()).filter(variant -> !variant.isEmpty());
    }

    private ObjectNode config(GeneratedNetworks networks, int i, Architecture architecture) {
        ObjectNode root = Json.object();
        root.put("model_type", "mlp");
        ArrayNode widths = root.putArray("widths");
        architecture.widths().forEach(widths::add);
        root.put("activation", architecture.activation().name().toLowerCase(Locale.ROOT));
        root.put("parameters", architecture.parameters());
        root.put("task", data.task());
        ArrayNode inputs = root.putArray("inputs");
        data.inputs().forEach(inputs::add);
        ArrayNode classes = root.putArray("classes");
        data.classes().forEach(classes::add);
        if (data.imageHeight() > 0) {
            root.putArray("image").add(data.imageHeight()).add(data.imageWidth());
        }
        ObjectNode normalisation = root.putObject("normalisation");
        add(normalisation.putArray("mean"), data.mean());
        add(normalisation.putArray("std"), data.std());
        ObjectNode provenance = root.putObject("provenance");
        origin(networks, i).forEach(provenance::put);
        return root;
    }

    private static void add(ArrayNode array, float[] values) {
        for (float value : values) {
            array.add(value);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
