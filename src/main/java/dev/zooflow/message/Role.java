package dev.zooflow.message;

/** What a worker does; each role has a work queue of its own. */
public enum Role {
    /** Trains base networks. */
    ZOO_PRODUCER("zoo-producer"),
    /** Trains flows. */
    TRAINER("trainer"),
    /** Generates networks from a flow's checkpoint. */
    SAMPLER("sampler"),
    /** Scores networks. */
    EVALUATOR("evaluator");

    private final String id;

    Role(String id) {
        this.id = id;
    }

    /** Name on the command line and in topic names. */
    public String id() {
        return id;
    }
}
