package dev.zooflow.fault;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What the program says of a run that is over: the files that its command {@code report} leaves, and what {@code status RUN}
 * prints of the run as a whole.
 *
 * @param scores of {@code scores.json}
 * @param metrics all of {@code metrics.csv}
 * @param run of {@code run.json}
 * @param word of the file {@code status}
 * @param status of the run
 */
record Report(JsonNode scores, String metrics, JsonNode run, String word, JsonNode status) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Reads the directory of a run and a line of JSON. */
    static Report read(Path directory, String status) {
        try {
            return new Report(
                    JSON.readTree(directory.resolve("scores.json").toFile()),
                    Files.readString(directory.resolve("metrics.csv")),
                    JSON.readTree(directory.resolve("run.json").toFile()),
                    Files.readString(directory.resolve("status")),
                    JSON.readTree(status).get("runs").get(0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What became of a task.
     *
     * @param status in one word
     * @param worker whose result it is
     * @param seconds that it took
     */
    record Result(String status, String worker, double seconds) {}

    /** The results of all tasks. */
    Map<String, Result> results() {
        return stream(run.get("tasks"))
                .collect(Collectors.toMap(
                        task -> task.get("task").asText(),
                        task -> new Result(
                                task.get("status").asText(),
                                task.get("worker").asText(),
                                task.get("seconds").asDouble())));
    }

    /** Number of results that came too late. */
    int fenced() {
        return status.get("fenced").asInt();
    }

    /** The groups in the order of the table. */
    List<String> groups() {
        return stream(scores.get("rows")).map(row -> row.get("group").asText()).toList();
    }

    /** Bits of the figures that stand in the row of a group. */
    Map<String, List<Long>> figures(String group) {
        Map<String, List<Long>> figures = new TreeMap<>();
        stream(scores.get("rows"))
                .filter(row -> row.get("group").asText().equals(group))
                .forEach(row -> row.properties().forEach(figure -> {
                    if (figure.getValue().isNumber() && !figure.getKey().equals("n")) {
                        figures.put(
                                figure.getKey(),
                                List.of(Double.doubleToLongBits(
                                        figure.getValue().asDouble())));
                    }
                }));
        return figures;
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
