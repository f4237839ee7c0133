package dev.zooflow.actor;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.zooflow.message.Role;

/** The dispatchers in {@code actors.conf}: one thread for the work of each role, a few for blocking reads. */
public final class Dispatchers {

    /** For reading the event log. */
    static final String BLOCKING = "zooflow-dispatchers.blocking";

    private Dispatchers() {}

    /** The configuration of an actor system that has them. */
    public static Config config() {
        return ConfigFactory.load(ConfigFactory.parseResources("actors.conf"));
    }

    /** For the work of a role: one thread, so that a process does one task of a role at a time. */
    static String of(Role role) {
        return "zooflow-dispatchers." + role.id();
    }
}
