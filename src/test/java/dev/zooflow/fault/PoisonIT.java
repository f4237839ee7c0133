package dev.zooflow.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zooflow.experiment.RunId;
import dev.zooflow.kafka.KafkaEventLog;
import dev.zooflow.message.FileBlobStore;
import dev.zooflow.message.RunEvent;
import dev.zooflow.message.Topic;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Poison of every kind on every topic while a run goes on. */
@Tag("faults")
class PoisonIT extends AbstractFaultIT {

    private static final int TRIALS = 3;
    private static final int STEPS = 200;

    @Test
    void otherWorkGoesOnAndEveryRecordIsADeadLetterWithItsReason() {
        Member worker = addWorker();
        Account calm = undisturbed(TRIALS, STEPS);
        worker.awaitOutput("working as");
        submitUnreadable();
        Map<String, String> expected = new TreeMap<>();
        Account poisoned = disturbed("poisoned", TRIALS, STEPS, progress -> expected.putAll(spread("poisoned")));
        poisoned.assertSameAs(calm);
        assertThat(worker.restarts() + coordinator().restarts())
                .as(fleet().output())
                .isZero();
        readAllEvents();
        Map<String, Set<String>> letters = new TreeMap<>();
        for (Topic topic : Topic.values()) {
            letters.putAll(letters(topic));
        }
        assertThat(letters.keySet()).isEqualTo(expected.keySet());
        assertThat(letters)
                .allSatisfy((place, reasons) -> assertThat(reasons)
                        .as(place)
                        .allSatisfy(reason -> assertThat(reason).contains(expected.get(place))));
    }

    private Map<String, String> spread(String run) {
        try (Poison poison = new Poison(fleet().kafka(), new FileBlobStore(fleet().blobs()))) {
            Map<String, String> sent = new HashMap<>();
            for (Topic topic : Topic.values()) {
                sent.putAll(poison.spread(topic, run));
            }
            // More than a broker reads at all: it hangs up.
            assertThat(poison.oversized(Topic.TASKS_TRAINER, 200_000_000, 0)).isNotEmpty();
            assertThat(poison.oversized(Topic.RUNS, 10, 50_000_000)).contains("RecordTooLarge");
            return sent;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** A run of another version, or of somebody who can't write: nobody may stumble over it, now or after a restart. */
    private void submitUnreadable() {
        RunId run = new RunId("unreadable");
        try (KafkaEventLog log = log()) {
            log.publish(new RunEvent.RunSubmitted(run, "flows = [{ geometry = klein-bottle }]", Map.of()))
                    .toCompletableFuture()
                    .join();
            log.publish(new RunEvent.RunOffered(run)).toCompletableFuture().join();
        }
    }

    private KafkaEventLog log() {
        return new KafkaEventLog(fleet().kafka(), new FileBlobStore(fleet().blobs()));
    }

    /** As a report does; topics that nobody follows have no dead letters before somebody reads them. */
    private void readAllEvents() {
        try (KafkaEventLog log = log()) {
            for (Topic topic : Topic.values()) {
                if (!topic.isQueue()) {
                    log.replayAll(topic, recorded -> {});
                }
            }
        }
    }

    /** Places of the records of a topic that are dead letters, with the reasons; several readers may have said so. */
    private Map<String, Set<String>> letters(Topic topic) {
        Map<String, Set<String>> reasons = new HashMap<>();
        try (KafkaConsumer<byte[], byte[]> consumer = Evidence.consumer(fleet().kafka())) {
            Evidence.readAll(consumer, "dlq." + topic.name(fleet().kafka().prefix()), record -> {
                List<String> said = List.of("topic", "partition", "offset", "reason").stream()
                        .map(name -> record.headers().lastHeader("zooflow_dlq_" + name))
                        .map(PoisonIT::text)
                        .toList();
                reasons.computeIfAbsent(String.join("/", said.subList(0, 3)), place -> new HashSet<>())
                        .add(said.get(3));
            });
        }
        return reasons;
    }

    private static String text(Header header) {
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    @Override
    String settings() {
        return "zooflow { kafka { lock-duration = 5 s, claim-limit = 128 MiB }, worker { threads = 1, heartbeat = 1 s } }";
    }
}
