package dev.zooflow.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.zooflow.message.Event.Score;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Runs side by side: the settings in which they differ, and each group's scores.
 *
 * @param runs at least one
 */
public record Comparison(List<StoredRun> runs) {

    private static final Set<String> SHOWN =
            Set.of("accuracy_mean", "loss_mean", "nn_ratio_mean", "dispersion", "bma_accuracy_16");
    private static final Pattern ELEMENT = Pattern.compile("((?:flows|samplings)\\.[^.]+)\\.");
    private static final String FLOW = "flow/";
    private static final String SCORE = "score/" + Groups.GENERATED;
    private static final int MOST_POINTS = 300;
    private static final int MOST_CURVES = 24;
    private static final List<String> SCRIPTS = List.of("frame", "compare");

    /** Copies the list. */
    public Comparison {
        runs = List.copyOf(runs);
        if (runs.isEmpty()) {
            throw new IllegalArgumentException("runs (0) can't be compared");
        }
    }

    /**
     * Settings in which the runs differ, each with its value in every run; {@code –} where a run has no such setting. A flow
     * or a sampling that some run lacks is one row, {@code yes} where it is.
     */
    public Map<String, List<String>> differences() {
        List<Map<String, String>> settings = runs.stream().map(this::shared).toList();
        Set<String> keys = new LinkedHashSet<>();
        settings.forEach(run -> keys.addAll(run.keySet()));
        Map<String, List<String>> out = new LinkedHashMap<>();
        for (String key : keys) {
            List<String> values = settings.stream()
                    .map(run -> run.getOrDefault(key, Numbers.NONE))
                    .toList();
            if (Set.copyOf(values).size() > 1) {
                out.put(key, values);
            }
        }
        return out;
    }

    // The settings of a run, with those of an element that another run lacks as one.
    private Map<String, String> shared(StoredRun run) {
        Map<String, String> out = new LinkedHashMap<>();
        run.settings().forEach((key, value) -> {
            Matcher element = ELEMENT.matcher(key);
            if (!element.lookingAt() || runs.stream().allMatch(r -> has(r, element.group()))) {
                out.put(key, value);
            } else {
                out.put(element.group(1), "yes");
            }
        });
        return out;
    }

    private static boolean has(StoredRun run, String prefix) {
        return run.settings().keySet().stream().anyMatch(key -> key.startsWith(prefix));
    }

    /** Groups that some run has scored, in the order of tables. */
    public List<String> groups() {
        List<String> flows = runs.stream()
                .flatMap(run -> run.scores().stream())
                .map(Score::group)
                .filter(Groups::isFlow)
                .map(Groups::flow)
                .distinct()
                .toList();
        Comparator<String> order = Groups.order(flows, List.of());
        Set<String> groups = new TreeSet<>(order);
        runs.forEach(run -> run.scores().forEach(score -> groups.add(score.group())));
        return List.copyOf(groups);
    }

    /** A self-contained page, in the looks of a run's report. */
    public byte[] page() {
        String names = runs.stream().map(run -> run.run().value()).collect(Collectors.joining(", "));
        Map<String, String> values = new LinkedHashMap<>();
        values.put("title", Html.escape(names));
        values.put("style", Html.resource(Html.HERE + "report.css"));
        values.put("runs", runTable());
        values.put("differences", differenceTable());
        values.put(
                "scores",
                ScoreColumn.ALL.stream()
                        .filter(column -> SHOWN.contains(column.key()))
                        .map(this::scoreTable)
                        .collect(Collectors.joining("\n")));
        values.putAll(Html.charts(Json.line(charts()), SCRIPTS));
        return Html.fill(Html.resource(Html.HERE + "compare.html"), values).getBytes(StandardCharsets.UTF_8);
    }

    /** The numbers behind the charts: a score for each group of each run, in the order of tables. */
    private ObjectNode charts() {
        ObjectNode root = Json.object();
        root.put("run", "compare");
        ArrayNode names = root.putArray("runs");
        runs.forEach(run -> names.add(run.run().value()));
        root.put("metric", metric());
        ArrayNode scores = root.putArray("scores");
        for (String group : groups()) {
            if (!Groups.isTransfer(group)) {
                runs.forEach(run -> run.score(group).ifPresent(score -> scores.add(chart(run, score))));
            }
        }
        ArrayNode losses = root.putArray("loss");
        ArrayNode accuracies = root.putArray("accuracy");
        for (StoredRun run : runs) {
            Map<String, List<double[]>> curves = run.curves((stage, metric) -> stage.startsWith(FLOW)
                    ? metric.equals("loss")
                    : stage.startsWith(SCORE) && metric.equals("accuracy_mean"));
            add(losses, run, FLOW, curves);
            add(accuracies, run, SCORE, curves);
        }
        return root;
    }

    /** A curve over training time for each flow of a run, of its first flows where there are very many. */
    private static void add(ArrayNode out, StoredRun run, String prefix, Map<String, List<double[]>> curves) {
        curves.entrySet().stream()
                .filter(curve -> curve.getKey().startsWith(prefix))
                .limit(MOST_CURVES)
                .forEach(curve -> {
                    ObjectNode node = out.addObject();
                    node.put("run", run.run().value());
                    node.put("flow", curve.getKey().substring(prefix.length()));
                    ArrayNode pairs = node.putArray("points");
                    Curve.thinned(curve.getValue(), MOST_POINTS).forEach(point -> pairs.add(Json.curve(point)));
                });
    }

    /** What ranks flows in these runs: the metric of their sweeps, if they have one in common. */
    private String metric() {
        List<String> swept = runs.stream()
                .map(run -> run.settings().getOrDefault("sweep.metric.name", BestNetworks.METRIC))
                .distinct()
                .toList();
        return swept.size() == 1 ? swept.get(0) : BestNetworks.METRIC;
    }

    private ObjectNode chart(StoredRun run, Score score) {
        ObjectNode node = Json.object();
        node.put("run", run.run().value());
        node.put("group", score.group());
        for (String key : new LinkedHashSet<>(List.of("accuracy_mean", "nn_ratio_mean", metric()))) {
            Json.put(node, key, Numbers.of(score, key).orElse(Double.NaN));
        }
        return node;
    }

    private String head(String first) {
        return runs.stream()
                .map(run -> "<th scope=\"col\">%s</th>"
                        .formatted(Html.escape(run.run().value())))
                .collect(Collectors.joining("", "<thead><tr><th scope=\"col\">" + first + "</th>", "</tr></thead>"));
    }

    private static String row(String name, List<String> cells) {
        return cells.stream()
                .map(cell -> "<td>" + cell + "</td>")
                .collect(Collectors.joining("", "<tr><th scope=\"row\">" + Html.escape(name) + "</th>", "</tr>"));
    }

    private String runTable() {
        return "<table class=\"scores\">" + head("run") + "<tbody>"
                + row("status", runs.stream().map(r -> Html.escape(r.status())).toList())
                + row(
                        "started",
                        runs.stream()
                                .map(r -> Html.escape(r.started().replaceFirst("T(\\d\\d:\\d\\d).*", " $1 UTC")))
                                .toList())
                + row(
                        "took",
                        runs.stream().map(r -> Numbers.duration(r.seconds())).toList())
                + "</tbody></table>";
    }

    private String differenceTable() {
        Map<String, List<String>> differences = differences();
        if (differences.isEmpty()) {
            return "<p class=\"empty\">Their settings are the same.</p>";
        }
        return differences.entrySet().stream()
                .map(e ->
                        row(e.getKey(), e.getValue().stream().map(Html::escape).toList()))
                .collect(Collectors.joining(
                        "", "<table class=\"scores\">" + head("setting") + "<tbody>", "</tbody></table>"));
    }

    private String scoreTable(ScoreColumn column) {
        return groups().stream()
                .map(group -> row(group, cells(group, column)))
                .collect(Collectors.joining(
                        "",
                        "<h3>%s: %s</h3><p class=\"note\">%s</p><div class=\"card scroll\"><table class=\"scores\">"
                                        .formatted(
                                                Html.escape(column.section()),
                                                Html.escape(column.title()),
                                                Html.escape(column.explanation()))
                                + head("group") + "<tbody>",
                        "</tbody></table></div>"));
    }

    // The best of the runs in bold, where the group was generated and more than one run has it.
    private List<String> cells(String group, ScoreColumn column) {
        List<Optional<Score>> scores =
                runs.stream().map(run -> run.score(group)).toList();
        OptionalInt best = best(group, column, scores);
        return IntStream.range(0, runs.size())
                .mapToObj(i -> {
                    String text =
                            scores.get(i).map(s -> Html.escape(column.text(s))).orElse(Numbers.NONE);
                    return best.isPresent() && best.getAsInt() == i ? "<strong>" + text + "</strong>" : text;
                })
                .toList();
    }

    private static OptionalInt best(String group, ScoreColumn column, List<Optional<Score>> scores) {
        List<OptionalDouble> values = scores.stream()
                .map(s -> s.map(score -> Numbers.of(score, column.key())).orElse(OptionalDouble.empty()))
                .toList();
        if (!Groups.isGenerated(group)
                || values.stream().filter(OptionalDouble::isPresent).count() < 2) {
            return OptionalInt.empty();
        }
        return IntStream.range(0, values.size())
                .filter(i -> values.get(i).isPresent())
                .boxed()
                .min(Comparator.comparingDouble(i -> column.miss(values.get(i).getAsDouble())))
                .map(OptionalInt::of)
                .orElse(OptionalInt.empty());
    }
}
