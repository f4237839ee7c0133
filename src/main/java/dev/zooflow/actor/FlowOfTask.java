package dev.zooflow.actor;

import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.FlowSpec;

/** The flow that a task names. */
final class FlowOfTask {

    private FlowOfTask() {}

    /**
     * The flow with this name.
     *
     * @throws UnprocessableTaskException when the experiment has none
     */
    static FlowSpec of(ExperimentSpec spec, String name) {
        try {
            return spec.flow(name);
        } catch (IllegalArgumentException e) {
            throw new UnprocessableTaskException(String.valueOf(e.getMessage()), e);
        }
    }
}
