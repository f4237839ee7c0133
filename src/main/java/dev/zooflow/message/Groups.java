package dev.zooflow.message;

/** Names of the groups whose members divide all runs, see {@link EventLog#share}. */
public final class Groups {

    /** Who plans runs. */
    public static final String COORDINATORS = "coordinators";

    /** Who tells people of runs. */
    public static final String NOTIFIERS = "notifiers";

    /** Who tells tracking servers of runs. */
    public static final String TRACKERS = "trackers";

    private Groups() {}
}
