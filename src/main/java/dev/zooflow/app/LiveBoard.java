package dev.zooflow.app;

import dev.zooflow.dashboard.Board;
import dev.zooflow.dashboard.Dashboard;
import dev.zooflow.dashboard.Surroundings;
import dev.zooflow.health.Watch;
import dev.zooflow.kafka.Cluster;
import dev.zooflow.kafka.KafkaSettings;
import dev.zooflow.kafka.LetterBox;
import dev.zooflow.message.EventLog;
import dev.zooflow.message.EventLog.Subscription;
import dev.zooflow.message.Role;
import dev.zooflow.message.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The dashboard of a cluster: its board follows the topics of events, each on a thread of its own, so that millions of metric points
 * keep no news of a run waiting.
 */
final class LiveBoard implements AutoCloseable {

    private static final Duration EVERY = Duration.ofSeconds(2);

    private final Cluster cluster;
    private final Watch<Map<Role, Long>> lag;
    private final LetterBox letters;
    private final List<Subscription> subscriptions;
    private final Dashboard dashboard;

    private LiveBoard(
            Cluster cluster,
            Watch<Map<Role, Long>> lag,
            LetterBox letters,
            List<Subscription> subscriptions,
            Dashboard dashboard) {
        this.cluster = cluster;
        this.lag = lag;
        this.letters = letters;
        this.subscriptions = subscriptions;
        this.dashboard = dashboard;
    }

    /** Begins to follow the topics and to listen. */
    static LiveBoard start(String host, int port, KafkaSettings kafka, EventLog log) {
        Board board = new Board();
        Cluster cluster = new Cluster(kafka);
        Watch<Map<Role, Long>> lag = Watch.start("brokers", EVERY, cluster::lag);
        LetterBox letters = new LetterBox(kafka);
        List<Subscription> subscriptions = Stream.concat(
                        Stream.of(Topic.RUNS, Topic.FLOWS, Topic.SCORES, Topic.WORKERS, Topic.METRICS)
                                .map(topic -> log.followAll(Set.of(topic), r -> board.on(r.event(), r.epochMillis()))),
                        Stream.of(letters.follow(l -> board.on(
                                new Board.DeadLetter(l.id(), l.epochMillis(), l.type(), l.reason(), l.replayed())))))
                .toList();
        Surroundings surroundings = new Around(kafka.bootstrapServers(), lag, subscriptions);
        try {
            return new LiveBoard(
                    cluster, lag, letters, subscriptions, Dashboard.start(host, port, board, surroundings));
        } catch (RuntimeException e) {
            close(subscriptions, letters, lag, cluster);
            throw e;
        }
    }

    private record Around(String source, Watch<Map<Role, Long>> lag, List<Subscription> subscriptions)
            implements Surroundings {
        @Override
        public Optional<Map<Role, Long>> waiting() {
            return lag.latest();
        }

        @Override
        public Optional<String> problem() {
            return lag.problem();
        }

        @Override
        public long behind() {
            return subscriptions.stream().mapToLong(Subscription::behind).sum();
        }
    }

    /** Where a browser finds it. */
    String address() {
        return dashboard.address();
    }

    private static void close(List<Subscription> subscriptions, LetterBox letters, Watch<?> lag, Cluster cluster) {
        subscriptions.forEach(Subscription::close);
        letters.close();
        lag.close();
        cluster.close();
    }

    @Override
    public void close() {
        dashboard.close();
        close(subscriptions, letters, lag, cluster);
    }
}
