package dev.zooflow.health;

import dev.zooflow.health.WorkFigures.Post;
import dev.zooflow.message.WorkerHeartbeat;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The heartbeats of the workers in this process that the brokers hold: a fresh one shows that the actor lives, and that what
 * it publishes gets through.
 */
final class Beats implements Check {

    /** Heartbeats that may be missed. */
    private static final int PATIENCE = 3;

    private static final double LEAST_SECONDS = 30;

    private final Set<Post> posts;
    private final Clock clock;
    private final long start;
    private final Map<Post, Beat> latest = new ConcurrentHashMap<>();

    private record Beat(WorkerHeartbeat heartbeat, long millis) {}

    Beats(Set<Post> posts, Clock clock) {
        this.posts = Set.copyOf(posts);
        this.clock = clock;
        start = clock.millis();
    }

    void on(WorkerHeartbeat beat) {
        latest.put(new Post(beat.role(), beat.device()), new Beat(beat, clock.millis()));
    }

    Optional<WorkerHeartbeat> latest(Post post) {
        return Optional.ofNullable(latest.get(post)).map(Beat::heartbeat);
    }

    @Override
    public Optional<String> problem() {
        String silent = posts.stream()
                .filter(post -> silence(post) > patience(post))
                .map(post -> "%s on %s for %.0f s".formatted(post.role().id(), post.device(), silence(post)))
                .sorted()
                .collect(Collectors.joining(", "));
        return silent.isEmpty() ? Optional.empty() : Optional.of("no heartbeat reached the brokers: " + silent);
    }

    private double silence(Post post) {
        Beat beat = latest.get(post);
        return (clock.millis() - (beat == null ? start : beat.millis())) / 1e3;
    }

    private double patience(Post post) {
        return Math.max(
                LEAST_SECONDS, latest(post).map(b -> PATIENCE * b.interval()).orElse(0.0));
    }
}
