package dev.zooflow.app;

import static dev.zooflow.app.RunProgressTest.RUN;
import static dev.zooflow.app.RunProgressTest.SPEC;
import static dev.zooflow.app.RunProgressTest.failed;
import static dev.zooflow.app.RunProgressTest.point;
import static dev.zooflow.app.RunProgressTest.score;
import static dev.zooflow.app.RunProgressTest.started;
import static dev.zooflow.app.RunProgressTest.stopped;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.zooflow.message.Event;
import dev.zooflow.message.RunEvent;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;

class RecordViewTest {

    private static final List<Event> EVENTS = List.of(
            new RunEvent.RunSubmitted(RUN, "", Map.of()),
            point("zoo/0-5", 3, 2, 0.5),
            started("a"),
            started("a"),
            point("flow/a", 60, 5, 0.5),
            score("held-out", true, 0.95, 1),
            failed("a", true),
            stopped("b"),
            new RunEvent.RunCompleted(RUN, List.of("train/a"), 9));

    private static String told(RecordView.Format format) {
        StringWriter out = new StringWriter();
        try (RecordView view = new RecordView(RUN, SPEC, format, new PrintWriter(out))) {
            EVENTS.forEach(event -> view.on(event, 1_700_000_000_000L));
        }
        return out.toString();
    }

    @Test
    void everyObjectHasEveryFieldAndNothingIsToldTwice() throws IOException {
        List<JsonNode> rows = new ArrayList<>();
        for (String line : told(RecordView.Format.JSON).lines().toList()) {
            rows.add(new ObjectMapper().readTree(line));
        }
        assertThat(rows).allSatisfy(row -> {
            List<String> names = new ArrayList<>();
            row.fieldNames().forEachRemaining(names::add);
            assertThat(names).isEqualTo(RecordView.FIELDS);
            assertThat(row.get("time").asText()).isEqualTo("2023-11-14T22:13:20Z");
        });
        assertThat(rows.stream()
                        .map(row -> row.get("subject").asText() + " "
                                + row.get("state").asText()))
                .containsExactly(
                        "run running",
                        "zoo running",
                        "flow/a running",
                        "flow/a running",
                        "group/held-out completed",
                        "flow/a failed",
                        "flow/b stopped",
                        "run failed");
        assertThat(rows.get(2).get("loss").isNull()).isTrue();
        JsonNode point = rows.get(3);
        assertThat(point.get("step").asLong()).isEqualTo(60);
        assertThat(point.get("steps_per_second").asDouble()).isEqualTo(12);
        assertThat(point.get("eta_seconds").asDouble()).isEqualTo(5);
        assertThat(rows.get(4).get("accuracy").asDouble()).isEqualTo(0.95);
        assertThat(rows.get(5).get("note").asText()).isEqualTo("no memory");
        assertThat(rows.get(6).get("note").asText()).isEqualTo("stopped early at step 60: 0.1 is below 0.5");
        assertThat(rows.get(7).get("seconds").asDouble()).isEqualTo(9);
    }

    @Test
    void theTableHasAHeaderAndEmptyCells() throws IOException {
        try (CSVParser parser = CSVParser.parse(
                told(RecordView.Format.CSV),
                CSVFormat.RFC4180.builder().setHeader().get())) {
            assertThat(parser.getHeaderNames()).isEqualTo(RecordView.FIELDS);
            List<CSVRecord> rows = parser.getRecords();
            assertThat(rows).hasSize(8);
            assertThat(rows.get(0).get("step")).isEmpty();
            assertThat(rows.get(3).get("progress")).isEqualTo("0.5");
        }
    }
}
