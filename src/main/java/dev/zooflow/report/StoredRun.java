package dev.zooflow.report;

import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.RunId;
import dev.zooflow.experiment.UserError;
import dev.zooflow.message.Event.Score;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.stream.Stream;

/**
 * What the directory of a run says: files {@code status}, {@code run.json} and {@code scores.json}.
 *
 * @param path of the directory
 * @param run its id, which is the directory's name
 * @param status in one word
 * @param started time of submission; empty before the run has results
 * @param seconds from submission to end; 0 before the end
 * @param provenance where it comes from; empty before the run has results
 * @param settings every key of the resolved experiment, flat, elements of lists by their names, without figures of others
 * @param scores one for each group, in the order of the table
 */
public record StoredRun(
        Path path,
        RunId run,
        String status,
        String started,
        double seconds,
        Map<String, String> provenance,
        Map<String, String> settings,
        List<Score> scores) {

    private static final JsonMapper JSON = JsonMapper.builder()
            .configure(StreamReadFeature.STRICT_DUPLICATE_DETECTION, true)
            .build();

    static {
        JSON.getFactory()
                .setStreamReadConstraints(
                        StreamReadConstraints.builder().maxNestingDepth(50).build());
    }

    /**
     * Reads one.
     *
     * @throws UserError of usage when the directory is none of a run, of infrastructure when a file can't be read
     */
    public static StoredRun read(Path directory) {
        Path path = directory.toAbsolutePath().normalize();
        if (!Files.isRegularFile(path.resolve("status"))) {
            throw UserError.usage(
                    "run directory (%s) holds no run. Maybe `zooflow ls` names one?".formatted(directory));
        }
        try {
            RunId run = new RunId(String.valueOf(path.getFileName()));
            String status = Files.readString(path.resolve("status")).strip();
            JsonNode root = tree(path.resolve("run.json"));
            Map<String, String> provenance = new LinkedHashMap<>();
            root.path("provenance")
                    .properties()
                    .forEach(field ->
                            provenance.put(field.getKey(), field.getValue().asText()));
            Map<String, String> settings = new LinkedHashMap<>();
            flatten(root.path("experiment"), "", settings);
            settings.keySet().removeIf(key -> key.startsWith("publi"));
            List<Score> scores = new ArrayList<>();
            tree(path.resolve("scores.json")).path("rows").forEach(row -> scores.add(score(run, row)));
            return new StoredRun(
                    directory,
                    run,
                    status,
                    provenance.getOrDefault("started", ""),
                    root.path("seconds").asDouble(),
                    provenance,
                    settings,
                    List.copyOf(scores));
        } catch (IOException | IllegalArgumentException e) {
            throw unreadable(directory, e);
        }
    }

    /** All runs in a directory, the latest first, damaged ones as {@code unreadable}; none where there is no such directory. */
    public static List<StoredRun> all(Path runs) {
        if (!Files.isDirectory(runs)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(runs)) {
            return entries.filter(entry -> Files.isRegularFile(entry.resolve("status")))
                    .filter(entry -> RunId.isValid(String.valueOf(entry.getFileName())))
                    .map(StoredRun::readable)
                    .sorted(Comparator.comparing(StoredRun::started)
                            .reversed()
                            .thenComparing(r -> r.run().value()))
                    .toList();
        } catch (IOException e) {
            throw UserError.infrastructure(
                    "directory of runs (%s) can't be read: %s. Maybe another --runs-dir?"
                            .formatted(runs, e.getMessage()),
                    e);
        }
    }

    private static StoredRun readable(Path directory) {
        try {
            return read(directory);
        } catch (UserError e) {
            RunId run = new RunId(String.valueOf(directory.getFileName()));
            return new StoredRun(directory, run, "unreadable", "", 0, Map.of(), Map.of(), List.of());
        }
    }

    private static JsonNode tree(Path file) throws IOException {
        return Files.isRegularFile(file) ? JSON.readTree(file.toFile()) : JSON.createObjectNode();
    }

    private static void flatten(JsonNode node, String key, Map<String, String> out) {
        if (node.isObject()) {
            node.properties().forEach(field -> flatten(field.getValue(), join(key, field.getKey()), out));
        } else if (node.isArray() && node.path(0).isObject()) {
            for (int i = 0; i < node.size(); i++) {
                String name = node.get(i).path("name").asText();
                flatten(node.get(i), join(key, name.isEmpty() ? Integer.toString(i) : name), out);
            }
        } else {
            out.put(key, node.isTextual() ? node.asText() : node.toString());
        }
    }

    private static String join(String parent, String key) {
        return parent.isEmpty() ? key : parent + "." + key;
    }

    private static Score score(RunId run, JsonNode row) {
        Map<String, Double> values = new LinkedHashMap<>();
        row.properties().forEach(field -> {
            if (field.getValue().isNumber()) {
                values.put(field.getKey(), field.getValue().asDouble());
            }
        });
        values.remove("n");
        return new Score(
                run, row.path("group").asText(), 0, 0, 0, true, row.path("n").asInt(), values, Map.of());
    }

    /**
     * Its resolved experiment.
     *
     * @throws UserError of usage when the run has no results yet, or this version of the program can't read it
     */
    public ExperimentSpec experiment() {
        try {
            JsonNode experiment = tree(path.resolve("run.json")).path("experiment");
            if (!experiment.isObject()) {
                throw UserError.usage("run (%s) is %s and has no results. Maybe `zooflow resume %s` completes it?"
                        .formatted(run, status, path));
            }
            return ExperimentFile.parse(experiment.toString());
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    /**
     * Curves over training time, as {@link MetricsCsv#read} has them.
     *
     * @throws UserError of infrastructure when the file can't be read
     */
    Map<String, List<double[]>> curves(BiPredicate<String, String> wanted) {
        try {
            return MetricsCsv.read(path.resolve("metrics.csv"), wanted);
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    private static UserError unreadable(Path directory, Exception e) {
        return UserError.infrastructure(
                "run directory (%s) can't be read: %s. Maybe a file of it was damaged?"
                        .formatted(directory, e.getMessage()),
                e);
    }

    /** The score of a group. */
    public Optional<Score> score(String group) {
        return scores.stream().filter(s -> s.group().equals(group)).findFirst();
    }

    /** The score of the best flow, if any flow was scored. */
    public Optional<Score> best() {
        return Headline.best(scores);
    }
}
