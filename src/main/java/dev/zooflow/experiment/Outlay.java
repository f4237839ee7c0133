package dev.zooflow.experiment;

import dev.zooflow.graph.Architecture;
import java.time.Duration;
import java.util.Optional;
import java.util.function.ToLongBiFunction;

/**
 * What runs take together.
 *
 * @param runs their number
 * @param trials of all of them, proposed ones too
 * @param time on two cores, one run after the other
 * @param bytes on topics and in blobs
 * @param unknown runs of which only the data say time and bytes
 * @param stopping whether some trials may be stopped early
 */
public record Outlay(int runs, int trials, Duration time, double bytes, int unknown, boolean stopping) {

    /** Of no run. */
    public static final Outlay NONE = new Outlay(0, 0, Duration.ZERO, 0, 0, false);

    /**
     * With one run more.
     *
     * @param shape of its task, where that is known
     * @param parameters of a flow's network over networks of an architecture
     */
    public Outlay plus(
            ExperimentSpec spec, Optional<TaskShape> shape, ToLongBiFunction<FlowSpec, Architecture> parameters) {
        Duration longer = time;
        double more = bytes;
        if (shape.isPresent()) {
            Architecture architecture = shape.get().architecture(spec);
            CostEstimate cost = CostEstimate.of(spec, architecture, shape.get().examples());
            longer = time.plus(cost.total());
            more = bytes
                    + StorageEstimate.of(spec, architecture, cost, parameters).total();
        }
        return new Outlay(
                runs + 1,
                trials + StorageEstimate.trials(spec),
                longer,
                more,
                unknown + (shape.isPresent() ? 0 : 1),
                stopping || spec.sweep().filter(SweepSpec::stopsTrials).isPresent());
    }

    /** For a person. */
    public String text() {
        return "%s, %s; %s"
                .formatted(
                        ExperimentPlan.counted(runs, "run"),
                        ExperimentPlan.counted(trials, "trial"),
                        unknown == runs
                                ? "the data say how long and how much"
                                : "%sabout %s on two cores, about %s of storage%s"
                                        .formatted(
                                                stopping ? "at most " : "",
                                                ExperimentPlan.duration(time),
                                                StorageEstimate.size(bytes),
                                                unknown > 0 ? "; of %d the data say it".formatted(unknown) : ""));
    }
}
