package dev.zooflow.actor;

import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.SweepSpec;
import dev.zooflow.experiment.search.Stopper;
import dev.zooflow.experiment.search.TrialReport;
import dev.zooflow.message.Event.Score;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pcollections.HashTreePMap;
import org.pcollections.HashTreePSet;
import org.pcollections.PMap;
import org.pcollections.PSet;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

/**
 * What scores on the validation split say of the trials of a sweep, in the order in which they stand in the log, and which
 * trials that stops. The order is that of one topic, so that a coordinator that reads the log anew decides the same.
 *
 * @param sweep what is swept, once the submission is known and holds a sweep
 * @param waiting scores that were told before the submission was known
 * @param reports of the trials until each was stopped
 * @param complete trials that came to their end
 * @param ends the last report of each trial that is complete or stopped
 * @param stops by trial
 */
public record SweepState(
        Optional<Rules> sweep,
        PVector<Score> waiting,
        PVector<TrialReport> reports,
        PSet<String> complete,
        PMap<String, TrialReport> ends,
        PMap<String, Stop> stops) {

    /** Nothing known yet. */
    static final SweepState EMPTY = new SweepState(
            Optional.empty(),
            TreePVector.empty(),
            TreePVector.empty(),
            HashTreePSet.empty(),
            HashTreePMap.empty(),
            HashTreePMap.empty());

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
     */
    public record Rules(SweepSpec spec, long seed) {

        private static final Pattern TRIAL = Pattern.compile(Pattern.quote(Score.groupOf("", "")) + "([^/+]+)");

        private Stopper stopper() {
            return Stopper.of(spec.earlyTerminate(), seed);
        }

        private double time(Score score) {
            return switch (spec.earlyTerminate().timeAttr()) {
                case CHECKPOINT -> score.checkpoint() + 1;
                case STEP -> score.step();
                case SECONDS -> score.seconds();
            };
        }

        private Optional<TrialReport> report(Score score) {
            OptionalDouble utility = spec.metric().utility(score.values());
            Matcher trial = TRIAL.matcher(score.group());
            return utility.isPresent() && trial.matches()
                    ? Optional.of(new TrialReport(trial.group(1), time(score), utility.getAsDouble()))
                    : Optional.empty();
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

    /** With the experiment known, and what was told before. */
    SweepState with(ExperimentSpec experiment) {
        Optional<Rules> rules = experiment.sweep().map(spec -> new Rules(spec, experiment.seed()));
        SweepState known = new SweepState(rules, TreePVector.empty(), reports, complete, ends, stops);
        for (Score score : waiting) {
            known = known.with(score);
        }
        return known;
    }

    /** With one more score, which is judged when the experiment is known. */
    SweepState waitingFor(Score score) {
        return new SweepState(sweep, waiting.plus(score), reports, complete, ends, stops);
    }

    /** With one more score; of a trial that is stopped nothing counts any more. */
    SweepState with(Score score) {
        return sweep.flatMap(rules -> rules.report(score)
                        .filter(report -> !stops.containsKey(report.trial()))
                        .map(report -> with(rules, score, report)))
                .orElse(this);
    }

    private SweepState with(Rules rules, Score score, TrialReport report) {
        String trial = report.trial();
        PVector<TrialReport> longer = reports.plus(report);
        if (score.last()) {
            return new SweepState(sweep, waiting, longer, complete.plus(trial), ends.plus(trial, report), stops);
        }
        OptionalDouble bound = rules.stopper().shortfall(reports, report);
        if (bound.isEmpty()) {
            return new SweepState(sweep, waiting, longer, complete, ends, stops);
        }
        Stop stop = rules.stop(score, report, bound.getAsDouble());
        return new SweepState(sweep, waiting, longer, complete, ends.plus(trial, report), stops.plus(trial, stop));
    }

    /** Whether and why a trial is to be stopped. */
    public Optional<Stop> stop(String trial) {
        return Optional.ofNullable(stops.get(trial));
    }
}
