package dev.zooflow.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zooflow.experiment.RunId;
import dev.zooflow.experiment.UserError;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.message.Envelope;
import dev.zooflow.message.Event;
import dev.zooflow.message.EventLog;
import dev.zooflow.message.EventLog.Recorded;
import dev.zooflow.message.EventRef;
import dev.zooflow.message.FileBlobStore;
import dev.zooflow.message.Message;
import dev.zooflow.message.MessageSamples;
import dev.zooflow.message.RunEvent;
import dev.zooflow.message.StoreUnavailableException;
import dev.zooflow.message.Topic;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

// Subscriptions are there to be closed.
@SuppressWarnings("try")
class KafkaEventLogIT {

    @TempDir
    private static Path directory;

    private static EmbeddedBroker broker;
    private static KafkaSettings settings;

    private RunId run;
    private KafkaEventLog log;

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start(directory.resolve("kafka"));
        settings = new KafkaSettings(
                broker.bootstrapServers(), "zooflow", Duration.ofSeconds(30), 1 << 10, 1 << 27, 3, Map.of());
        Topics.prepare(settings);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @BeforeEach
    void open(TestInfo test) {
        run = new RunId(test.getTestMethod().orElseThrow().getName().toLowerCase(Locale.ROOT));
        log = new KafkaEventLog(settings, new FileBlobStore(directory.resolve("blobs")));
    }

    @AfterEach
    void close() {
        log.close();
    }

    private EventRef publish(Message message) throws Exception {
        return log.publish(message).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private Event.MetricPoint metric(long step) {
        return new Event.MetricPoint(run, "flow/geometric", 1, step, 2.5, 0.5, Map.of("loss", 0.25));
    }

    private static Recorded next(BlockingQueue<Recorded> events) throws Exception {
        Recorded recorded = events.poll(20, TimeUnit.SECONDS);
        if (recorded == null) {
            throw new TimeoutException("no event came");
        }
        return recorded;
    }

    private static void assertSilence(BlockingQueue<Recorded> events) throws Exception {
        assertThat(events.poll(300, TimeUnit.MILLISECONDS)).isNull();
    }

    @Test
    void followersGetWhatHappenedAndWhatHappens() throws Exception {
        publish(metric(1));
        publish(metric(2));
        publish(new Event.MetricPoint(new RunId(run + "-other"), "flow/x", 1, 1, 1, 1, Map.of()));
        BlockingQueue<Recorded> events = new LinkedBlockingQueue<>();
        long before = System.currentTimeMillis();
        try (EventLog.Subscription s = log.follow(run, Set.of(Topic.METRICS, Topic.RUNS), events::add)) {
            assertThat(next(events).event()).isEqualTo(metric(1));
            assertThat(next(events).event()).isEqualTo(metric(2));
            EventRef ref = publish(metric(3));
            Recorded third = next(events);
            assertThat(third.event()).isEqualTo(metric(3));
            assertThat(third.ref()).isEqualTo(ref);
            assertThat(third.epochMillis()).isBetween(before, System.currentTimeMillis());
            publish(new RunEvent.RunCompleted(run, List.of(), 1));
            assertThat(next(events).event()).isInstanceOf(RunEvent.RunCompleted.class);
        }
        publish(metric(4));
        assertSilence(events);
    }

    @Test
    void eventsKeepTheirOrder() throws Exception {
        List<Event> published = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            published.add(metric(i));
            log.publish(metric(i));
        }
        BlockingQueue<Recorded> events = new LinkedBlockingQueue<>();
        try (EventLog.Subscription s = log.follow(run, Set.of(Topic.METRICS), events::add)) {
            for (Event event : published) {
                assertThat(next(events).event()).isEqualTo(event);
            }
        }
    }

    @Test
    void replayEndsWithWhatStandsThere() throws Exception {
        List<Recorded> events = new ArrayList<>();
        log.replay(run, Topic.METRICS, events::add);
        assertThat(events).isEmpty();

        EventRef first = publish(metric(1));
        EventRef second = publish(metric(2));
        log.replay(run, Topic.METRICS, events::add);
        assertThat(events).extracting(Recorded::event).containsExactly(metric(1), metric(2));
        assertThat(events).extracting(Recorded::ref).containsExactly(first, second);
    }

    @Test
    void eventsAreFetchedByTheirPlace() throws Exception {
        EventRef first = publish(metric(1));
        EventRef second = publish(metric(2));

        assertThat(log.fetch(second)).contains(metric(2));
        assertThat(log.fetch(first)).contains(metric(1));
        assertThat(log.fetch(new EventRef(first.topic(), first.partition(), 1_000_000)))
                .isEmpty();
        assertThat(log.fetch(new EventRef(first.topic(), 99, 0))).isEmpty();
        assertThat(log.fetch(new EventRef(first.topic(), first.partition(), -1)))
                .isEmpty();
    }

    @Test
    void largePayloadsTravelByTheBlobStore() throws Exception {
        Event.ZooTrajectory sample = MessageSamples.trajectory(1, 100);
        Event.ZooTrajectory large =
                new Event.ZooTrajectory(run, 1, true, sample.steps(), sample.validationAccuracy(), sample.snapshots());
        EventRef ref = publish(large);

        MessageSamples.assertEqual(log.fetch(ref).orElseThrow(), large);
        try (Stream<Path> blobs = Files.walk(directory.resolve("blobs"))) {
            assertThat(blobs.filter(Files::isRegularFile)).isNotEmpty();
        }
    }

    @Test
    @Timeout(60)
    void whatABlobStoreThatIsAwayHoldsComesWhenItIsBack() throws Exception {
        Event.ZooTrajectory sample = MessageSamples.trajectory(1, 100);
        EventRef ref = publish(
                new Event.ZooTrajectory(run, 1, true, sample.steps(), sample.validationAccuracy(), sample.snapshots()));
        Path blobs = directory.resolve("blobs");
        Path aside = directory.resolve("aside");
        BlockingQueue<Recorded> events = new LinkedBlockingQueue<>();
        BlockingQueue<Recorded> closed = new LinkedBlockingQueue<>();
        // Where no directory is nobody knows whether a blob is there.
        Files.move(blobs, aside);
        Files.writeString(blobs, "away");
        try (EventLog.Subscription s = log.follow(run, Set.of(ref.topic()), events::add)) {
            EventLog.Subscription other = log.follow(run, Set.of(ref.topic()), closed::add);
            assertThat(events.poll(4, TimeUnit.SECONDS)).isNull();
            assertThatThrownBy(() -> log.fetch(ref)).hasCauseInstanceOf(StoreUnavailableException.class);
            assertThatThrownBy(() -> log.replay(run, ref.topic(), recorded -> {}))
                    .hasCauseInstanceOf(StoreUnavailableException.class);
            other.close();
            Files.delete(blobs);
            Files.move(aside, blobs);
            assertThat(next(events).ref()).isEqualTo(ref);
        }
        assertThat(closed).isEmpty();
        assertThat(new DeadLetterBox(settings).reasons(new TopicLayout("zooflow").name(ref.topic())))
                .isEmpty();
    }

    @Test
    void publicationsThatCanNotWorkFail() throws Exception {
        WeightBatch batch = MessageSamples.networks(1);
        batch.theta()[0] = Float.NaN;

        assertThatThrownBy(() -> publish(new Event.GeneratedNetworks(run, "flow", "", 0, 1, 1, true, 0, batch)))
                .hasMessageContaining("NaN");
        log.close();
        assertThatThrownBy(() -> publish(metric(1))).hasMessageContaining("closed");
    }

    @Test
    void poisonIsReportedAndPassedOver() throws Exception {
        EventRef first = publish(metric(1));
        String topic = "zooflow.metrics.v1";
        TopicPartition place = new TopicPartition(topic, first.partition());
        DeadLetterBox letters = new DeadLetterBox(settings);
        letters.poison(place, null, Map.of(), "no key and no header");
        letters.poison(place, "no-slash", Map.of(), "no header");
        letters.poison(place, run + "/x", headers("metric-point.v1", run + "/x"), "{\"run\":");
        letters.poison(place, run + "/x", headers("metric-point.v2", run + "/x"), "{}");
        letters.poison(place, run + "/x", headers("zoo-trajectory.v1", run + "/x"), "\7\0\0\0\0\0\0\0{}");
        letters.poison(
                place,
                run + "/completed",
                headers("run-completed.v1", run + "/completed"),
                "{\"run\":\"%s\",\"failed\":[],\"seconds\":1}".formatted(run));
        publish(metric(2));

        BlockingQueue<Recorded> events = new LinkedBlockingQueue<>();
        try (EventLog.Subscription s = log.follow(run, Set.of(Topic.METRICS), events::add)) {
            assertThat(next(events).event()).isEqualTo(metric(1));
            assertThat(next(events).event()).isEqualTo(metric(2));
        }
        List<Recorded> again = new ArrayList<>();
        log.replay(run, Topic.METRICS, again::add);
        assertThat(again).hasSize(2);
        assertThat(letters.reasons(topic))
                .satisfiesExactly(
                        r -> assertThat(r).contains("key is missing"),
                        r -> assertThat(r).contains("ce_specversion"),
                        r -> assertThat(r).contains("end-of-input"),
                        r -> assertThat(r).contains("metric-point.v2"),
                        r -> assertThat(r).contains("header length (7)"),
                        r -> assertThat(r).contains("belongs on zooflow.runs.v1"));
    }

    @Test
    void aHandlerThatThrowsGetsTheNextEvent() throws Exception {
        publish(metric(1));
        publish(metric(2));
        BlockingQueue<Recorded> events = new LinkedBlockingQueue<>();
        try (EventLog.Subscription s = log.follow(run, Set.of(Topic.METRICS), recorded -> {
            events.add(recorded);
            if (recorded.event().equals(metric(1))) {
                throw new IllegalArgumentException("on purpose");
            }
        })) {
            assertThat(next(events).event()).isEqualTo(metric(1));
            assertThat(next(events).event()).isEqualTo(metric(2));
        }
    }

    @Test
    void aFollowerMayEndItselfFromItsHandler() throws Exception {
        publish(metric(1));
        publish(metric(2));
        BlockingQueue<Recorded> events = new LinkedBlockingQueue<>();
        EventLog.Subscription[] own = new EventLog.Subscription[1];
        synchronized (own) {
            own[0] = log.follow(run, Set.of(Topic.METRICS), recorded -> {
                synchronized (own) {
                    events.add(recorded);
                    own[0].close();
                }
            });
        }
        assertThat(next(events).event()).isEqualTo(metric(1));
        assertSilence(events);
    }

    @Test
    void tasksAreNotFollowed() {
        assertThatThrownBy(() -> log.follow(run, Set.of(Topic.TASKS_TRAINER), r -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("TASKS_TRAINER");
    }

    @Test
    void brokersThatAreNotThereAreNamedInTime() {
        int nobody = Ports.freeExcept(0);
        long begin = System.nanoTime();

        assertThatThrownBy(() -> Topics.prepare(settings.withBootstrapServers("127.0.0.1:" + nobody)))
                .asInstanceOf(InstanceOfAssertFactories.throwable(UserError.class))
                .hasMessageContainingAll("127.0.0.1:" + nobody, "can't be reached", "Maybe")
                .extracting(UserError::exitCode)
                .isEqualTo(UserError.INFRASTRUCTURE);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(15));
        assertThatThrownBy(() -> Topics.prepare(settings.withBootstrapServers("no.such.host.invalid:1")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("no.such.host.invalid:1");
    }

    private static Map<String, String> headers(String type, String id) {
        return Map.of(Envelope.SPEC_VERSION, "1.0", Envelope.TYPE, "dev.zooflow." + type, Envelope.ID, id);
    }
}
