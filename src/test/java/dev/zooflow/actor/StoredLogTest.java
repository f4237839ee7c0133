package dev.zooflow.actor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.zooflow.message.Codec;
import dev.zooflow.message.Envelope;
import dev.zooflow.message.Event;
import dev.zooflow.message.EventLog.Recorded;
import dev.zooflow.message.EventRef;
import dev.zooflow.message.RunEvent.RunCompleted;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What {@code logs --json} printed in version 1 leads to the same state for ever, from whatever it is resumed:
 * {@code run.jsonl} of a real run in which nothing went wrong, {@code eventful.jsonl} of a sweep that was planned as any is and
 * whose workers computed nothing, to which everything happened that a log can tell.
 */
class StoredLogTest {

    private static List<Recorded> read(String file) {
        Codec codec = new Codec(new InMemoryBlobStore(), 1 << 20, 1 << 20, "/zooflow/test");
        List<Recorded> log = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(StoredLogTest.class.getResourceAsStream("/logs/v1/" + file)),
                StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode node = new ObjectMapper().readTree(line);
                String id = node.get("data").get("run").asText() + "/"
                        + node.get("id").asText();
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

    private static RunState empty(List<Recorded> log) {
        return RunState.empty(log.get(0).event().run());
    }

    private static RunState fold(RunState begin, List<Recorded> log) {
        RunState state = begin;
        for (Recorded recorded : log) {
            state = state.with(recorded);
        }
        return state;
    }

    private static RunState fold(List<Recorded> log) {
        return fold(empty(log), log);
    }

    @Test
    void leadsToTheStateThatItLedTo() {
        RunState state = fold(read("run.jsonl"));
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
    void whateverHappenedLeadsToTheStateThatItLedTo() {
        RunState state = fold(read("eventful.jsonl"));
        RunLife life = state.life();
        assertThat(life.ends())
                .hasSize(3)
                .hasEntrySatisfying(1, end -> assertThat(end.failed()).containsExactly(RunCompleted.CANCELLED));
        assertThat(life.ends().get(2).failed()).containsExactly("train/trial-004");
        assertThat(state.over())
                .hasValueSatisfying(end -> assertThat(end.failed()).isEmpty());
        assertThat(life.paused()).isFalse();
        assertThat(life.nextPause()).isEqualTo(2);
        assertThat(life.reign())
                .hasValueSatisfying(r -> assertThat(r.coordinator()).isEqualTo("host/98/mwx"));
        assertThat(state.submission().orElseThrow().spec().flows()).hasSize(12);
        assertThat(state.proposals()).containsOnlyKeys(11, 12);
        assertThat(state.checkpoints()).hasSize(30);
        assertThat(state.scores()).hasSize(25);
        assertThat(Planner.plan(state)).isEqualTo(Planner.plan(RunState.empty(state.run())));

        TaskBook tasks = state.tasks();
        List<String> stopped = trials(3, 5, 6, 7, 8, 11);
        assertThat(tasks.stopped()).containsExactlyInAnyOrderElementsOf(stopped);
        assertThat(stopped).allMatch(tasks::isStopped);
        assertThat(tasks.completed())
                .hasSize(56)
                .containsKeys(trials(1, 2, 4, 9, 10, 12).toArray(String[]::new))
                .containsEntry("zoo/0-5", 1)
                .containsEntry("train/trial-001", 2)
                .containsEntry("train/trial-002", 2)
                .containsEntry("train/trial-004", 3);
        assertThat(tasks.fenced()).containsExactly("train/trial-001/1");
        assertThat(tasks.retries("train/trial-004")).containsExactlyInAnyOrder(1, 2);
        assertThat(tasks.setAside()).containsOnlyKeys("train/trial-002", "train/trial-005");
        assertThat(tasks.started()).containsEntry("train/trial-005", 2);
        assertThat(tasks.isQuiet()).isTrue();
        assertThat(state.sweep().stop("trial-003"))
                .hasValueSatisfying(
                        s -> assertThat(s.reason()).isEqualTo("validation_loss_mean 0.2040 is above 0.03371"));
    }

    private static List<String> trials(int... numbers) {
        return Arrays.stream(numbers).mapToObj("train/trial-%03d"::formatted).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"run.jsonl", "eventful.jsonl"})
    void everyPrefixFollowedByTheWholeLogLeadsThereToo(String file) {
        List<Recorded> log = read(file);
        RunState whole = fold(log);
        RunState prefix = empty(log);
        for (Recorded next : log) {
            assertThat(fold(prefix, log))
                    .as("prefix before %s", next.event().id())
                    .isEqualTo(whole);
            prefix = prefix.with(next);
        }
        assertThat(fold(prefix, log)).isEqualTo(whole);
    }
}
