package dev.zooflow.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.FlowSpec;
import dev.zooflow.experiment.SweepSpec;
import dev.zooflow.experiment.TrainingSpec;
import dev.zooflow.message.Event.FlowCheckpoint;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/**
 * How much a sweep that stops trials has trained, which says what the stops saved.
 *
 * @param stopped trials that were stopped early
 * @param unit steps where all budgets have such a bound, else seconds
 * @param trained by all trials
 * @param budget of all trials, where one that came to its end has used up its own; not finite where it is not known
 */
public record SweepEffort(int stopped, String unit, double trained, double budget) {

    /** That of a run; none where its experiment holds no sweep that stops trials. */
    public static Optional<SweepEffort> of(RunRecord record) {
        return record.spec()
                .filter(spec -> spec.sweep().filter(SweepSpec::stopsTrials).isPresent())
                .map(spec -> of(record, spec));
    }

    private static SweepEffort of(RunRecord record, ExperimentSpec spec) {
        boolean inSteps = spec.flows().stream().allMatch(flow -> flow.training().steps() > 0);
        Map<String, FlowCheckpoint> ends =
                record.models().stream().collect(Collectors.toMap(FlowCheckpoint::flow, end -> end));
        double trained = 0;
        double budget = 0;
        for (FlowSpec flow : spec.flows()) {
            FlowCheckpoint end = ends.get(flow.name());
            double own = end == null ? soFar(record, flow.name(), inSteps) : inSteps ? end.step() : end.seconds();
            trained += own;
            budget += end == null ? budget(flow.training(), inSteps) : own;
        }
        return new SweepEffort(record.stopped().size(), inSteps ? "steps" : "seconds", trained, budget);
    }

    private static double soFar(RunRecord record, String flow, boolean inSteps) {
        DoubleStream points = record.metrics().getOrDefault("flow/" + flow, List.of()).stream()
                .mapToDouble(point -> inSteps ? point.step() : point.seconds());
        DoubleStream scores =
                record.latest(flow).stream().mapToDouble(score -> inSteps ? score.step() : score.seconds());
        return DoubleStream.concat(points, scores).max().orElse(0);
    }

    private static double budget(TrainingSpec training, boolean inSteps) {
        if (inSteps) {
            return training.steps();
        }
        return training.time().isZero() ? Double.NaN : training.time().toMillis() / 1e3;
    }

    /** In a sentence without its full stop. */
    public String line() {
        String stops = "%d %s stopped early".formatted(stopped, stopped == 1 ? "trial" : "trials");
        return Double.isFinite(budget)
                ? "trained %s of %s %s (%s %%), %s"
                        .formatted(
                                Numbers.grouped(Math.round(trained)),
                                Numbers.grouped(Math.round(budget)),
                                unit,
                                Numbers.percent(trained / budget),
                                stops)
                : stops;
    }

    ObjectNode json() {
        ObjectNode node = Json.object();
        node.put("trials_stopped", stopped);
        node.put("unit", unit);
        Json.put(node, "trained", trained);
        Json.put(node, "budget", budget);
        return node;
    }
}
