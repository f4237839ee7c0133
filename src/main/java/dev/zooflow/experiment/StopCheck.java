package dev.zooflow.experiment;

import dev.zooflow.experiment.EarlyTerminateSpec.TimeAttr;
import java.util.List;
import java.util.Set;

/** Refuses {@code sweep.early-terminate} where it is certain that nothing will ever be stopped. */
final class StopCheck {

    private static final String BLOCK = "sweep.early-terminate.";
    private static final Set<String> BUDGETS = Set.of(
            "flow.training.steps",
            "flow.training.time",
            "flow.training.checkpoint-every",
            "flow.training.checkpoint-steps");

    private StopCheck() {}

    /**
     * Checks all runs of a sweep, which have one rule.
     *
     * @throws UserError when the rule acts in none of them
     */
    static void require(List<ExperimentSpec> runs) {
        runs.stream()
                .flatMap(run -> run.sweep().stream())
                .filter(SweepSpec::stopsTrials)
                .filter(sweep -> !SweepSpace.of(sweep).varies(BUDGETS))
                .findFirst()
                .ifPresent(sweep -> require(
                        sweep.earlyTerminate(),
                        runs.stream()
                                .flatMap(run -> run.flows().stream())
                                .map(FlowSpec::training)
                                .toList()));
    }

    private static void require(EarlyTerminateSpec rule, List<TrainingSpec> trainings) {
        TimeAttr time = rule.timeAttr();
        double latest =
                trainings.stream().mapToDouble(t -> latest(t, time)).max().orElseThrow();
        if (latest == 0) {
            throw UserError.usage(
                    "%stype (%s) judges checkpoints before the final one, and no training has any. Maybe flow.training.%s?"
                            .formatted(BLOCK, Settings.kebab(rule.type()), moreCheckpoints(trainings.get(0))));
        }
        double grace = rule.gracePeriod();
        if (latest < grace || (time == TimeAttr.SECONDS && latest == grace)) {
            throw UserError.usage(
                    "%s%s.grace-period (%s) is never reached: the last checkpoint that is judged comes %s. Maybe %s?"
                            .formatted(
                                    BLOCK,
                                    Settings.kebab(rule.type()),
                                    Shown.plain(grace),
                                    place(time, Shown.plain(latest)),
                                    Shown.plain(
                                            time == TimeAttr.SECONDS
                                                    ? latest / 4
                                                    : Math.max(1, Math.floor(latest / 4)))));
        }
    }

    private static String place(TimeAttr time, String latest) {
        return switch (time) {
            case CHECKPOINT -> "as number " + latest;
            case STEP -> "at step " + latest;
            case SECONDS -> "before its training ends, after %s seconds".formatted(latest);
        };
    }

    private static String moreCheckpoints(TrainingSpec training) {
        return training.time().isZero()
                ? "checkpoint-steps = %d".formatted(Math.max(1, Math.floorDiv(training.steps(), 10)))
                : "checkpoint-every = %s"
                        .formatted(SpecWriter.withUnit(training.time().dividedBy(10)));
    }

    /** A bound on the time of checkpoints before the final one; 0 where there are none, infinite where none is known. */
    private static double latest(TrainingSpec training, TimeAttr time) {
        double bySteps = most(training.checkpointSteps(), training.steps());
        double byTime =
                most(training.checkpointEvery().toNanos(), training.time().toNanos());
        if (bySteps + byTime == 0) {
            return 0;
        }
        return switch (time) {
            case CHECKPOINT -> bySteps + byTime;
            case STEP ->
                byTime == 0
                        ? bySteps * training.checkpointSteps()
                        : training.steps() == 0 ? Double.POSITIVE_INFINITY : training.steps() - 1;
            case SECONDS ->
                training.time().isZero()
                        ? Double.POSITIVE_INFINITY
                        : training.time().toMillis() / 1e3;
        };
    }

    /** How many multiples of an interval come before a budget ends. */
    private static double most(long every, long budget) {
        if (every == 0) {
            return 0;
        }
        return budget == 0 ? Double.POSITIVE_INFINITY : (double) Math.floorDiv(budget - 1, every);
    }
}
