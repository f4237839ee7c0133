package dev.zooflow.app;

import dev.zooflow.health.Watch;
import dev.zooflow.kafka.Cluster;
import dev.zooflow.kafka.KafkaSettings;
import dev.zooflow.message.EventLog.Recorded;
import dev.zooflow.message.EventLog.Subscription;
import dev.zooflow.message.Role;
import dev.zooflow.message.Topic;
import dev.zooflow.message.WorkerHeartbeat;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;

/** The workforce as heartbeats and brokers tell it. */
final class FleetWorkforce implements Workforce {

    private static final Duration EVERY = Duration.ofSeconds(2);

    private final Map<String, Recorded> beats = new ConcurrentSkipListMap<>();
    private final Cluster cluster;
    private final Watch<Map<Role, Long>> lag;
    private final Subscription subscription;

    /** Begins to listen. */
    FleetWorkforce(Wires wires, KafkaSettings kafka) {
        subscription = wires.log().watch(Set.of(Topic.WORKERS), this::on);
        wires.log().replay(WorkerHeartbeat.FLEET, Topic.WORKERS, this::on);
        cluster = new Cluster(kafka);
        lag = Watch.start("lag", EVERY, cluster::lag);
    }

    private void on(Recorded recorded) {
        beats.merge(recorded.event().id(), recorded, (a, b) -> a.epochMillis() > b.epochMillis() ? a : b);
    }

    @Override
    public List<WorkerHeartbeat> alive() {
        long now = System.currentTimeMillis();
        return beats.values().stream()
                .filter(r -> r.event() instanceof WorkerHeartbeat beat
                        && now - r.epochMillis() <= PATIENCE * beat.interval() * 1e3)
                .map(r -> (WorkerHeartbeat) r.event())
                .toList();
    }

    @Override
    public Map<Role, Long> lag() {
        return lag.latest().orElse(Map.of());
    }

    @Override
    public void close() {
        subscription.close();
        lag.close();
        cluster.close();
    }
}
