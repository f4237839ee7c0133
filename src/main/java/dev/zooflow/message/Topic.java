package dev.zooflow.message;

/** The topics, named {@code <prefix>.<thing>.v1}. */
public enum Topic {
    /** Work for zoo producers. */
    TASKS_ZOO_PRODUCER("tasks.zoo-producer"),
    /** Work for trainers. */
    TASKS_TRAINER("tasks.trainer"),
    /** Work for samplers. */
    TASKS_SAMPLER("tasks.sampler"),
    /** Work for evaluators. */
    TASKS_EVALUATOR("tasks.evaluator"),
    /** Trained networks by trajectory. */
    WEIGHTS_ZOO("weights.zoo"),
    /** Generated networks. */
    WEIGHTS_GENERATED("weights.generated"),
    /** Checkpoints of flows. */
    FLOWS("flows"),
    /** Evaluations. */
    SCORES("scores"),
    /** Training curves. */
    METRICS("metrics"),
    /** The life of runs and tasks. */
    RUNS("runs"),
    /** Heartbeats of workers. */
    WORKERS("workers");

    private final String thing;

    Topic(String thing) {
        this.thing = thing;
    }

    /** The part of the name that says what is on it. */
    public String thing() {
        return thing;
    }

    /** The name under a prefix. */
    public String name(String prefix) {
        return prefix + "." + thing + ".v1";
    }

    /** The work queue of a role. */
    public static Topic tasksOf(Role role) {
        return switch (role) {
            case ZOO_PRODUCER -> TASKS_ZOO_PRODUCER;
            case TRAINER -> TASKS_TRAINER;
            case SAMPLER -> TASKS_SAMPLER;
            case EVALUATOR -> TASKS_EVALUATOR;
        };
    }

    /** Whether this is a work queue. */
    public boolean isQueue() {
        return thing.startsWith("tasks.");
    }
}
