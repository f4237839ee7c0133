package dev.zooflow.actor;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.zooflow.message.Role;
import dev.zooflow.tensor.ComputeDevice;
import java.util.Arrays;
import java.util.Collection;
import java.util.stream.Collectors;

/** The dispatchers in {@code actors.conf}: one thread for the work of each role on each device, a few for blocking reads. */
public final class Dispatchers {

    /** For reading the event log. */
    static final String BLOCKING = "zooflow-dispatchers.blocking";

    private Dispatchers() {}

    /** The configuration of an actor system that has them for every role on each of these devices. */
    public static Config config(Collection<ComputeDevice> devices) {
        String pools = devices.stream()
                .distinct()
                .flatMap(device -> Arrays.stream(Role.values()).map(role -> of(role, device)))
                .map(path -> path + " = ${zooflow-dispatchers.one}\n")
                .collect(Collectors.joining());
        return ConfigFactory.load(
                ConfigFactory.parseString(pools).withFallback(ConfigFactory.parseResources("actors.conf")));
    }

    /** For the work of a role: one thread, so that a process does one task of a role on a device at a time. */
    static String of(Role role, ComputeDevice device) {
        return "zooflow-dispatchers.%s-%s".formatted(role.id(), device.name().replace(':', '-'));
    }
}
