package dev.zooflow.dashboard;

import dev.zooflow.message.Role;
import java.util.Map;
import java.util.Optional;

/** What the page shows that no event tells. Implementations are thread-safe and quick. */
public interface Surroundings {

    /** Where the events come from, for a person. */
    String source();

    /** How many tasks wait for the workers of each role or are in their hands; empty while it is not known. */
    Optional<Map<Role, Long>> waiting();

    /** What is wrong, in one line; empty when nothing is. */
    Optional<String> problem();

    /** Records that stand in the log and are not on the board yet. */
    long behind();
}
