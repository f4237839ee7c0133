package dev.zooflow.actor;

import dev.zooflow.experiment.EarlyTerminateSpec;
import dev.zooflow.experiment.EarlyTerminateSpec.TimeAttr;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.FlowSpec;
import dev.zooflow.experiment.SweepSpec;
import dev.zooflow.experiment.search.Stopper;
import dev.zooflow.experiment.search.TrialReport;
import dev.zooflow.message.Event.Score;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What scores on the validation split say of the trials of a sweep, in the order in which they stand in the log, and which
 * trials that stops. The order is that of one topic, so that a coordinator that reads the log anew decides the same.
 *
 * @param sweep what is swept, once the submission is known and holds a sweep
 * @param waiting scores that were told before the submission was known
 * @param reports of the trials until each was stopped
 * @param stops by trial
 */
public record SweepState(
        Optional<Rules> sweep, List<Score> waiting, List<TrialReport> reports, Map<String, Stop> stops) {

    /** Nothing known yet. */
    static final SweepState EMPTY = new SweepState(Optional.empty(), List.of(), List.of(), Map.of());

    /**
     * A trial is to be stopped.
     *
     * @param step of the checkpoint that decided
     * @param seconds of training up to there
     * @param reason value and bound
     */
    public record Stop(long step, double seconds, String reason) {}

    /**
     * By what trials are judged.
     *
     * @param spec of the sweep
     * @param seed of the experiment
     * @param trials by the group of their score
     */
    public record Rules(SweepSpec spec, long seed, Map<String, String> trials) {

        private static Rules of(ExperimentSpec experiment, SweepSpec spec) {
            Map<String, String> trials = experiment.flows().stream()
                    .map(FlowSpec::name)
                    .collect(Collectors.toUnmodifiableMap(flow -> Score.groupOf(flow, ""), Function.identity()));
            return new Rules(spec, experiment.seed(), trials);
        }

        private Stopper stopper() {
            return Stopper.of(spec.earlyTerminate(), seed);
        }

        private TimeAttr timeAttr() {
            EarlyTerminateSpec rules = spec.earlyTerminate();
            return switch (rules.type()) {
                case MEDIAN -> rules.median().timeAttr();
                case ASHA -> rules.asha().timeAttr();
                case HYPERBAND -> rules.hyperband().timeAttr();
                case NONE -> TimeAttr.STEP;
            };
        }

        private double time(Score score) {
            return switch (timeAttr()) {
                case CHECKPOINT -> score.checkpoint() + 1;
                case STEP -> score.step();
                case SECONDS -> score.seconds();
            };
        }

        private Optional<TrialReport> report(Score score) {
            OptionalDouble utility = spec.metric().utility(score.values());
            String trial = trials.get(score.group());
            return trial == null || utility.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new TrialReport(trial, time(score), utility.getAsDouble()));
        }

        private Stop stop(Score score, TrialReport report, double bound) {
            SweepSpec.Metric metric = spec.metric();
            String reason = "%s %.4g is %s %.4g"
                    .formatted(
                            metric.selection(),
                            metric.utility(report.utility()),
                            metric.goal() == SweepSpec.Goal.MAXIMIZE ? "below" : "above",
                            metric.utility(bound));
            return new Stop(score.step(), score.seconds(), reason);
        }
    }

    /** Copies the collections. */
    public SweepState {
        waiting = List.copyOf(waiting);
        reports = List.copyOf(reports);
        stops = Map.copyOf(stops);
    }

    /** With the experiment known, and what was told before. */
    SweepState with(ExperimentSpec experiment) {
        Optional<Rules> rules = experiment.sweep().map(spec -> Rules.of(experiment, spec));
        SweepState known = new SweepState(rules, List.of(), reports, stops);
        for (Score score : waiting) {
            known = known.with(score);
        }
        return known;
    }

    /** With one more score, which is judged when the experiment is known. */
    SweepState waitingFor(Score score) {
        List<Score> more = new ArrayList<>(waiting);
        more.add(score);
        return new SweepState(sweep, more, reports, stops);
    }

    /** With one more score; of a trial that is stopped nothing counts any more. */
    SweepState with(Score score) {
        return sweep.flatMap(rules -> rules.report(score)
                        .filter(report -> !stops.containsKey(report.trial()))
                        .map(report -> with(rules, score, report)))
                .orElse(this);
    }

    private SweepState with(Rules rules, Score score, TrialReport report) {
        // A training that came to its end can't be stopped.
        OptionalDouble bound =
                score.last() ? OptionalDouble.empty() : rules.stopper().shortfall(reports, report);
        Map<String, Stop> more = new LinkedHashMap<>(stops);
        bound.ifPresent(b -> more.put(report.trial(), rules.stop(score, report, b)));
        List<TrialReport> longer = new ArrayList<>(reports);
        longer.add(report);
        return new SweepState(sweep, waiting, longer, more);
    }

    /** Whether and why a trial is to be stopped. */
    public Optional<Stop> stop(String trial) {
        return Optional.ofNullable(stops.get(trial));
    }
}
