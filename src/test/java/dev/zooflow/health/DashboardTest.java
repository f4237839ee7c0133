package dev.zooflow.health;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.zooflow.experiment.RunId;
import dev.zooflow.message.EventLog.Recorded;
import dev.zooflow.message.EventRef;
import dev.zooflow.message.Role;
import dev.zooflow.message.TaskEvent;
import dev.zooflow.message.WorkerHeartbeat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** What the dashboard asks Prometheus for is what a process tells. */
class DashboardTest {

    private static final Path FILE = Path.of("docker/grafana/zooflow.json");
    private static final Pattern BRACES = Pattern.compile("\\{([^}]*)}");
    private static final Pattern GROUPING = Pattern.compile("\\b(?:by|without) \\(([^)]*)\\)");
    private static final Pattern WORD = Pattern.compile("\\b[a-z][a-z0-9_]*\\b(?!\\s*\\()");
    private static final Pattern LABEL = Pattern.compile("\\b([a-z_]+)=");
    /** What Prometheus knows of itself, and what docker/prometheus.yml adds. */
    private static final Set<String> OF_PROMETHEUS = Set.of("up");

    private static final Set<String> LABELS_OF_PROMETHEUS = Set.of("job", "instance", "service");

    private static JsonNode dashboard() throws IOException {
        return new ObjectMapper().readTree(FILE.toFile());
    }

    private static List<String> expressions() throws IOException {
        return dashboard().findValues("expr").stream().map(JsonNode::asText).toList();
    }

    /** Names of metrics in an expression: words that are neither functions nor labels. */
    private static Set<String> metrics(String expression) {
        String bare =
                GROUPING.matcher(BRACES.matcher(expression).replaceAll("")).replaceAll("");
        bare = bare.replaceAll("\\[[^]]*]", "").replaceAll("\\b(or|and|unless|on|ignoring)\\b", "");
        return WORD.matcher(bare).results().map(m -> m.group()).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> labels(String expression) {
        Set<String> labels = new TreeSet<>();
        BRACES.matcher(expression)
                .results()
                .forEach(braces -> LABEL.matcher(braces.group(1)).results().forEach(m -> labels.add(m.group(1))));
        GROUPING.matcher(expression)
                .results()
                .forEach(m -> labels.addAll(List.of(m.group(1).split(", *", -1))));
        return labels;
    }

    /** The metrics of a process in which everything has happened, with their labels. */
    private static Map<String, Set<String>> told() {
        try (Figures figures = new Figures(() -> 77)) {
            figures.waiting(() -> Optional.of(Map.of(Role.TRAINER, 3L)));
            WorkFigures work = new WorkFigures(
                    figures.registry(), Set.of(new WorkFigures.Post(Role.TRAINER, "cpu")), Clock.systemUTC());
            RunId run = new RunId("r");
            work.published(new WorkerHeartbeat(WorkerHeartbeat.FLEET, "w", Role.TRAINER, "cpu", "t", 1, 2, 3, 5));
            work.published(new TaskEvent.TaskFailed(run, "t", Role.TRAINER, 1, "w", "x", true));
            work.published(new TaskEvent.TaskStuck(run, "t", Role.TRAINER, 1, "w", 1));
            work.failed();
            Consumer<Recorded> late = work.lateResults();
            for (int attempt = 1; attempt <= 2; attempt++) {
                TaskEvent done = new TaskEvent.TaskCompleted(run, "t", Role.TRAINER, attempt, "w", 1);
                late.accept(new Recorded(done, new EventRef(done.topic(), 0, attempt), Long.MAX_VALUE));
            }
            return figures.scrape()
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .collect(
                            Collectors.toMap(line -> line.replaceFirst("[{ ].*", ""), DashboardTest::labels, (a, b) -> {
                                Set<String> both = new HashSet<>(a);
                                both.addAll(b);
                                return both;
                            }));
        }
    }

    @Test
    void everyMetricOfTheDashboardIsTold() throws IOException {
        Map<String, Set<String>> told = told();
        assertThat(expressions()).hasSizeGreaterThan(15);
        for (String expression : expressions()) {
            Set<String> metrics = metrics(expression);
            assertThat(metrics).as(expression).isNotEmpty();
            Set<String> labels = new HashSet<>(LABELS_OF_PROMETHEUS);
            for (String metric : metrics) {
                assertThat(OF_PROMETHEUS.contains(metric) || told.containsKey(metric))
                        .as("%s in %s", metric, expression)
                        .isTrue();
                labels.addAll(told.getOrDefault(metric, Set.of()));
            }
            assertThat(labels).as(expression).containsAll(labels(expression));
            assertThat(expression.chars().filter(c -> c == '(').count())
                    .isEqualTo(expression.chars().filter(c -> c == ')').count());
        }
    }

    @Test
    void everyFigureOfTheWorkIsOnTheDashboard() throws IOException {
        Set<String> shown = expressions().stream()
                .flatMap(expression -> metrics(expression).stream())
                .collect(Collectors.toSet());
        assertThat(told().keySet().stream().filter(name -> name.startsWith("zooflow_")))
                .hasSizeGreaterThan(9)
                .allMatch(shown::contains);
    }

    @Test
    void aMetricThatNobodyTellsWouldBeFound() {
        assertThat(metrics("60 * sum by (role) (rate(zooflow_attemps_total{role=\"a\"}[5m])) or vector(0)"))
                .containsExactly("zooflow_attemps_total");
        assertThat(told()).doesNotContainKey("zooflow_attemps_total");
        assertThat(labels("sum by (role, x) (a{y=\"z\"})")).containsExactly("role", "x", "y");
    }

    @Test
    void panelsAskTheDataSourceThatThereIsAndDoNotOverlap() throws IOException {
        assertThat(Files.readString(Path.of("docker/grafana/provisioning/datasources/prometheus.yaml")))
                .contains("uid: " + dashboard().at("/panels/1/datasource/uid").asText() + "\n");
        Set<String> cells = new HashSet<>();
        Set<Integer> ids = new HashSet<>();
        for (JsonNode panel : dashboard().get("panels")) {
            JsonNode at = panel.get("gridPos");
            assertThat(ids.add(panel.get("id").asInt())).isTrue();
            assertThat(at.get("x").asInt() + at.get("w").asInt()).isLessThanOrEqualTo(24);
            for (int x = 0; x < at.get("w").asInt(); x++) {
                for (int y = 0; y < at.get("h").asInt(); y++) {
                    String cell = "%d,%d"
                            .formatted(at.get("x").asInt() + x, at.get("y").asInt() + y);
                    assertThat(cells.add(cell))
                            .as("%s at %s", panel.get("title"), cell)
                            .isTrue();
                }
            }
        }
        assertThat(dashboard().findValues("datasource"))
                .allMatch(d -> d.get("uid").asText().equals("prometheus"));
        assertThat(StreamSupport.stream(dashboard().get("panels").spliterator(), false)
                        .filter(p -> p.get("type").asText().equals("timeseries")))
                .allMatch(p -> p.get("targets").size() > 0);
    }
}
