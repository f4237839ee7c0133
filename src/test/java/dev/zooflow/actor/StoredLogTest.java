package dev.zooflow.actor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.zooflow.experiment.RunId;
import dev.zooflow.message.Codec;
import dev.zooflow.message.Envelope;
import dev.zooflow.message.Event;
import dev.zooflow.message.EventLog.Recorded;
import dev.zooflow.message.EventRef;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@code logs --json} printed of a real run in version 1 leads to the same state for ever, from whatever it is resumed. */
class StoredLogTest {

    private static final RunId RUN = new RunId("stored");
    private static final List<Recorded> LOG = read();

    private static List<Recorded> read() {
        Codec codec = new Codec(new InMemoryBlobStore(), 1 << 20, "/zooflow/test");
        List<Recorded> log = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(StoredLogTest.class.getResourceAsStream("/logs/v1/run.jsonl")),
                StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode node = new ObjectMapper().readTree(line);
                String id = RUN + "/" + node.get("id").asText();
                Map<String, String> headers = Map.of(
                        Envelope.SPEC_VERSION,
                        "1.0",
                        Envelope.ID,
                        id,
                        Envelope.TYPE,
                        node.get("type").asText());
                byte[] body = node.get("data").toString().getBytes(StandardCharsets.UTF_8);
                Envelope envelope = new Envelope(id, headers, body);
                Event event = (Event) codec.decode(envelope);
                long time = Instant.parse(node.get("time").asText()).toEpochMilli();
                log.add(new Recorded(event, new EventRef(event.topic(), 0, log.size()), time));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return log;
    }

    private static RunState fold(List<Recorded> log) {
        RunState state = RunState.empty(RUN);
        for (Recorded recorded : log) {
            state = state.with(recorded);
        }
        return state;
    }

    @Test
    void leadsToTheStateThatItLedTo() {
        RunState state = fold(LOG);
        assertThat(state.over())
                .hasValueSatisfying(end -> assertThat(end.failed()).isEmpty());
        assertThat(state.life().reign())
                .hasValueSatisfying(r -> assertThat(r.epoch()).isEqualTo(1));
        assertThat(state.tasks().completed())
                .containsOnlyKeys(
                        "zoo/0-3",
                        "zoo/3-6",
                        "evaluate/baselines",
                        "train/a",
                        "train/b",
                        "sample/a/0",
                        "sample/a/final",
                        "sample/b/0",
                        "sample/b/final",
                        "evaluate/a/0",
                        "evaluate/a/final",
                        "evaluate/b/0",
                        "evaluate/b/final")
                .allSatisfy((task, attempt) -> assertThat(attempt).as(task).isEqualTo(1));
        assertThat(state.tasks().fenced()).isEmpty();
        assertThat(state.checkpoints()).hasSize(4);
        assertThat(state.scores())
                .hasSize(13)
                .contains("score/held-out/final", "score/generated/a/0", "score/generated/b/final");
        assertThat(state.submission().orElseThrow().spec().flows()).hasSize(2);
        assertThat(Planner.plan(state).tasks()).isEmpty();
    }

    @Test
    void everyPrefixFollowedByTheWholeLogLeadsThereToo() {
        RunState whole = fold(LOG);
        for (int n = 0; n <= LOG.size(); n++) {
            assertThat(fold(Stream.concat(LOG.subList(0, n).stream(), LOG.stream())
                            .toList()))
                    .as("prefix %d", n)
                    .isEqualTo(whole);
        }
    }
}
