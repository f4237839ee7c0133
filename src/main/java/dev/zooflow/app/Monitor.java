package dev.zooflow.app;

import dev.zooflow.bench.ResidentMemory;
import dev.zooflow.health.Figures;
import dev.zooflow.health.HealthServer;
import dev.zooflow.health.MeteredEventLog;
import dev.zooflow.health.Watch;
import dev.zooflow.health.WorkFigures;
import dev.zooflow.kafka.Cluster;
import dev.zooflow.kafka.KafkaSettings;
import dev.zooflow.message.Role;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/** The endpoint of a process that works with brokers, where its settings ask for one. */
final class Monitor implements AutoCloseable {

    private static final Duration EVERY = Duration.ofSeconds(10);

    private final Optional<Endpoint> endpoint;

    private Monitor(Optional<Endpoint> endpoint) {
        this.endpoint = endpoint;
    }

    /** What there is when it is switched on. */
    private record Endpoint(
            Figures figures, HealthServer server, Cluster cluster, Watch<Integer> brokers, Watch<Map<Role, Long>> lag)
            implements AutoCloseable {

        static Endpoint open(AppSettings settings, KafkaSettings kafka) {
            Figures figures = new Figures(ResidentMemory::currentMib);
            HealthServer server = HealthServer.start(
                    settings.health().host(), settings.health().port(), figures::scrape);
            Cluster cluster = new Cluster(kafka);
            Watch<Integer> brokers = Watch.start("brokers", EVERY, cluster::brokers);
            Watch<Map<Role, Long>> lag = Watch.start("lag", EVERY, cluster::lag);
            server.require(brokers);
            figures.waiting(lag::latest);
            return new Endpoint(figures, server, cluster, brokers, lag);
        }

        Wires over(Wires wires, Set<Role> roles, AppSettings settings) {
            Set<WorkFigures.Post> posts = roles.stream()
                    .flatMap(role -> Crew.devices(role, settings).stream()
                            .map(device -> new WorkFigures.Post(role, device.name())))
                    .collect(Collectors.toSet());
            WorkFigures work = new WorkFigures(figures, posts);
            server.require(work.alive());
            return new Wires(new MeteredEventLog(wires.log(), work), wires.queue(), wires.blobs());
        }

        @Override
        public void close() {
            server.close();
            brokers.close();
            lag.close();
            cluster.close();
            figures.close();
        }
    }

    /**
     * Starts the endpoint, if there is to be one.
     *
     * @param kafka how to reach the brokers, which are prepared
     */
    static Monitor start(AppSettings settings, KafkaSettings kafka) {
        return new Monitor(
                settings.health().enabled() ? Optional.of(Endpoint.open(settings, kafka)) : Optional.empty());
    }

    /** The same wires for the actors of this process, observed. */
    Wires over(Wires wires, Set<Role> roles, AppSettings settings) {
        return endpoint.map(e -> e.over(wires, roles, settings)).orElse(wires);
    }

    /** From now on the process is in order only as long as this has not ended. */
    void require(String name, CompletableFuture<?> going) {
        endpoint.ifPresent(
                e -> e.server().require(() -> going.isDone() ? Optional.of(name + " gave up") : Optional.empty()));
    }

    @Override
    public void close() {
        endpoint.ifPresent(Endpoint::close);
    }
}
