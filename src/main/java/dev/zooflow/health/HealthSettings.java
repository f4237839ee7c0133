package dev.zooflow.health;

import com.typesafe.config.Config;
import dev.zooflow.experiment.UserError;

/**
 * Where a process tells of itself: {@code zooflow.health} of {@code reference.conf}.
 *
 * @param host or address of the interface
 * @param port 1 to 65535; 0 is off
 */
public record HealthSettings(String host, int port) {

    private static final int LARGEST_PORT = 65_535;

    /** Checks the ranges. */
    public HealthSettings {
        if (host.isBlank()) {
            throw UserError.usage("health.host () is empty. Maybe 127.0.0.1, or 0.0.0.0 for all interfaces?");
        }
        if (port < 0 || port > LARGEST_PORT) {
            throw UserError.usage("health.port (%d) is outside [0, %d]. Maybe 9404, or 0 for no endpoint?"
                    .formatted(port, LARGEST_PORT));
        }
    }

    /** Reads the section {@code health}. */
    public static HealthSettings create(Config health) {
        return new HealthSettings(health.getString("host").strip(), health.getInt("port"));
    }

    /** Whether there is an endpoint. */
    public boolean enabled() {
        return port > 0;
    }
}
