package dev.zooflow.kafka;

import dev.zooflow.experiment.RunId;
import dev.zooflow.experiment.UserError;
import dev.zooflow.message.BlobStore;
import dev.zooflow.message.Codec;
import dev.zooflow.message.Event;
import dev.zooflow.message.EventLog;
import dev.zooflow.message.EventRef;
import dev.zooflow.message.MalformedMessageException;
import dev.zooflow.message.Message;
import dev.zooflow.message.StoreUnavailableException;
import dev.zooflow.message.Topic;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event log on Kafka topics, which {@link Topics#prepare} has created. The events of one run on one topic stand in one
 * partition, so that a reader of the run reads that partition alone and in order.
 */
public final class KafkaEventLog implements EventLog {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaEventLog.class);
    private static final int FETCH_TRIES = 3;
    private static final Duration FAREWELL = Duration.ofSeconds(6);

    private final KafkaClients clients;
    private final TopicLayout layout;
    private final Producer<byte[], byte[]> producer;
    private final Publisher publisher;
    private final DeadLetters deadLetters;
    private final RecordDecoder decoder;
    private final PlaceReader places;
    private final Map<Topic, List<TopicPartition>> partitions = new ConcurrentHashMap<>();
    private final Set<Subscription> followers = ConcurrentHashMap.newKeySet();

    /**
     * Connects lazily: brokers that can't be reached show with the first publication or reading.
     *
     * @param blobs where payloads above the inline limit are
     */
    public KafkaEventLog(KafkaSettings settings, BlobStore blobs) {
        clients = new KafkaClients(settings);
        layout = new TopicLayout(settings.prefix());
        producer = clients.producer();
        Codec codec = new Codec(blobs, settings.inlineLimit(), settings.claimLimit(), Source.ofThisProcess());
        publisher = new Publisher(
                codec, layout, producer, m -> ofRun(m.run(), partitions(m.topic())), KafkaClients.SPOOL_BYTES);
        deadLetters = new DeadLetters(producer);
        decoder = new RecordDecoder(codec, layout);
        places = new PlaceReader(clients);
    }

    @Override
    public CompletionStage<EventRef> publish(Message message) {
        return publisher.publish(message);
    }

    @Override
    public Optional<CompletionStage<EventRef>> offer(Message message) {
        return publisher.offer(message);
    }

    /** Asked for once: their number must never change, or the places of runs would. */
    private List<TopicPartition> partitions(Topic topic) {
        List<TopicPartition> known = partitions.get(topic);
        if (known == null) {
            String name = layout.name(topic);
            known = producer.partitionsFor(name).stream()
                    .map(p -> new TopicPartition(name, p.partition()))
                    .toList();
            partitions.put(topic, known);
        }
        return known;
    }

    private static int ofRun(RunId run, List<TopicPartition> partitions) {
        return Records.partition(run, partitions.size());
    }

    private static void requireEvents(Topic topic) {
        if (topic.isQueue()) {
            throw new IllegalArgumentException("topic (%s) holds tasks, not events".formatted(topic));
        }
    }

    private TopicPartition place(Topic topic, RunId run) {
        requireEvents(topic);
        return new TopicPartition(layout.name(topic), ofRun(run, partitions(topic)));
    }

    @Override
    public Subscription follow(RunId run, Set<Topic> topics, Consumer<Recorded> handler) {
        topics.forEach(KafkaEventLog::requireEvents);
        return kept(Follower.fromBeginning(
                clients.consumer(),
                () -> topics.stream().map(topic -> place(topic, run)).toList(),
                (record, last) -> hand(run, record, last, handler)));
    }

    @Override
    public Subscription followAll(Set<Topic> topics, Consumer<Recorded> handler) {
        topics.forEach(KafkaEventLog::requireEvents);
        return kept(Follower.fromBeginning(
                clients.consumer(),
                () -> all(topics),
                (record, last) -> read(record, last).ifPresent(handler)));
    }

    @Override
    public Subscription watch(Set<Topic> topics, Consumer<Recorded> handler) {
        return kept(Follower.fromEnd(
                clients.consumer(),
                () -> all(topics),
                (record, last) -> read(record, last).ifPresent(handler)));
    }

    private List<TopicPartition> all(Set<Topic> topics) {
        return topics.stream().flatMap(topic -> partitions(topic).stream()).toList();
    }

    @Override
    public Subscription share(String group, Share share) {
        List<TopicPartition> runs = patiently(() -> partitions(Topic.RUNS));
        return kept(new SharedRuns(
                clients.groupConsumer(layout.group(group)),
                layout.name(Topic.RUNS),
                (record, last) -> read(record, last).ifPresent(share::observe),
                share,
                run -> ofRun(run, runs)));
    }

    private Subscription kept(Subscription follower) {
        followers.add(follower);
        return new Subscription() {
            @Override
            public long behind() {
                return follower.behind();
            }

            @Override
            public void close() {
                followers.remove(follower);
                follower.close();
            }
        };
    }

    @Override
    public void replayAll(Topic topic, Consumer<Recorded> handler) {
        try {
            patiently(() -> partitions(topic))
                    .forEach(
                            p -> places.readAll(p, record -> read(record, false).ifPresent(handler)));
        } catch (KafkaException e) {
            throw unreadable(topic, e);
        }
    }

    @Override
    public void replay(RunId run, Topic topic, Consumer<Recorded> handler) {
        try {
            places.readAll(patiently(() -> place(topic, run)), record -> hand(run, record, false, handler));
        } catch (KafkaException e) {
            throw unreadable(topic, e);
        }
    }

    @Override
    public Optional<Event> fetch(EventRef ref) {
        String name = layout.name(ref.topic());
        try {
            if (ref.partition() >= patiently(() -> partitions(ref.topic())).size()) {
                return Optional.empty();
            }
            return places.read(new TopicPartition(name, ref.partition()), ref.offset())
                    .flatMap(record -> read(record, false))
                    .map(Recorded::event);
        } catch (KafkaException e) {
            throw unreadable(ref.topic(), e);
        }
    }

    private <T> T patiently(Supplier<T> question) {
        return places.patience().ask(question);
    }

    private UserError unreadable(Topic topic, KafkaException e) {
        return UserError.infrastructure(
                "topic (%s) can't be read: %s. Maybe the brokers are down?"
                        .formatted(layout.name(topic), e.getMessage()),
                e);
    }

    private void hand(RunId run, ConsumerRecord<byte[], byte[]> record, boolean last, Consumer<Recorded> handler) {
        if (Records.concerns(run, record)) {
            read(record, last).filter(r -> r.event().run().equals(run)).ifPresent(handler);
        }
    }

    /**
     * The event in a record; empty where there is none, which is then a dead letter.
     *
     * @param last whether nobody asks again for what the blob store doesn't give now
     * @throws PayloadAwayException when the blob store doesn't answer
     */
    private Optional<Recorded> read(ConsumerRecord<byte[], byte[]> record, boolean last) {
        try {
            Message message = decode(record, FETCH_TRIES);
            if (message instanceof Event event) {
                EventRef ref = new EventRef(event.topic(), record.partition(), record.offset());
                return Optional.of(new Recorded(event, ref, record.timestamp()));
            }
            deadLetters.report(record, "a task among events");
        } catch (MalformedMessageException e) {
            deadLetters.report(record, e.getMessage());
        } catch (IOException e) {
            if (e instanceof StoreUnavailableException away && !last) {
                throw new PayloadAwayException(away);
            }
            deadLetters.report(record, "payload can't be fetched: " + e.getMessage());
        }
        return Optional.empty();
    }

    // On a shared disk a blob may show a moment later than the message that points to it.
    private Message decode(ConsumerRecord<byte[], byte[]> record, int tries)
            throws MalformedMessageException, IOException {
        try {
            return decoder.decode(record);
        } catch (StoreUnavailableException e) {
            throw e;
        } catch (IOException e) {
            if (tries <= 1) {
                throw e;
            }
            LOG.debug("payload of {}/{} is not there yet", record.topic(), record.offset(), e);
        }
        Threads.sleep(Duration.ofMillis(500));
        return decode(record, tries - 1);
    }

    /** Ends all subscriptions and sends what waits to be sent. */
    @Override
    public void close() {
        followers.forEach(Subscription::close);
        places.close();
        publisher.close(FAREWELL.dividedBy(2));
        producer.close(FAREWELL.dividedBy(2));
    }
}
