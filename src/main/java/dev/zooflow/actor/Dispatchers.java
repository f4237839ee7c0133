package dev.zooflow.actor;

import dev.zooflow.message.Role;

/** Names of the dispatchers in {@code actors.conf}: one thread for the work of each role, a few for blocking reads. */
final class Dispatchers {

    /** For reading the event log. */
    static final String BLOCKING = "zooflow-dispatchers.blocking";

    private Dispatchers() {}

    /** For the work of a role: one thread, so that a process does one task of a role at a time. */
    static String of(Role role) {
        return "zooflow-dispatchers." + role.id();
    }
}
