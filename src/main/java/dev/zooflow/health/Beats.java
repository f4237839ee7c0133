package dev.zooflow.health;

import dev.zooflow.message.Role;
import dev.zooflow.message.WorkerHeartbeat;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
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

    private final Set<Role> roles;
    private final Clock clock;
    private final long start;
    private final Map<Role, Beat> latest = new ConcurrentHashMap<>();

    private record Beat(WorkerHeartbeat heartbeat, long millis) {}

    Beats(Set<Role> roles, Clock clock) {
        this.roles = new TreeSet<>(roles);
        this.clock = clock;
        start = clock.millis();
    }

    void on(WorkerHeartbeat beat) {
        latest.put(beat.role(), new Beat(beat, clock.millis()));
    }

    Optional<WorkerHeartbeat> latest(Role role) {
        return Optional.ofNullable(latest.get(role)).map(Beat::heartbeat);
    }

    @Override
    public Optional<String> problem() {
        String silent = roles.stream()
                .filter(role -> silence(role) > patience(role))
                .map(role -> "%s for %.0f s".formatted(role.id(), silence(role)))
                .collect(Collectors.joining(", "));
        return silent.isEmpty() ? Optional.empty() : Optional.of("no heartbeat reached the brokers: " + silent);
    }

    private double silence(Role role) {
        Beat beat = latest.get(role);
        return (clock.millis() - (beat == null ? start : beat.millis())) / 1e3;
    }

    private double patience(Role role) {
        return Math.max(
                LEAST_SECONDS, latest(role).map(b -> PATIENCE * b.interval()).orElse(0.0));
    }
}
