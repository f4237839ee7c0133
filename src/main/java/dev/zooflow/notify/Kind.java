package dev.zooflow.notify;

import java.util.Locale;

/** What a person may want to be told of. */
public enum Kind {
    /** A task was given up. */
    FAILED,
    /** An attempt makes no progress. */
    STUCK,
    /** A run came to its end by itself, well or with tasks that failed. */
    DONE;

    /** As settings and notices write it. */
    public String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
