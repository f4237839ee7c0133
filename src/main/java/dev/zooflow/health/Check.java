package dev.zooflow.health;

import java.util.Optional;

/** Something that must be in order for a process to be of use. Thread-safe, and quick. */
@FunctionalInterface
public interface Check {

    /** What is wrong, in one line; empty when nothing is. */
    Optional<String> problem();
}
