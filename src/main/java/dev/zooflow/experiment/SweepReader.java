package dev.zooflow.experiment;

import dev.zooflow.experiment.EarlyTerminateSpec.Halving;
import dev.zooflow.experiment.EarlyTerminateSpec.Median;
import dev.zooflow.experiment.EarlyTerminateSpec.TimeAttr;
import dev.zooflow.experiment.SweepSpec.Metric;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads and checks {@code sweep}, but for the parameters that {@link SweepTrials} has made flows of. */
final class SweepReader {

    private static final double LONGEST = 1e9;

    private enum WrittenGoal {
        AUTO,
        MAXIMIZE,
        MINIMIZE
    }

    private SweepReader() {}

    static SweepSpec read(Settings s) {
        return new SweepSpec(
                s.choice("method", SweepSpec.Method.class),
                metric(s.block("metric")),
                s.integer("run-cap", 1, SweepTrials.MOST),
                s.integer("max-concurrent", 0, SweepTrials.MOST),
                s.choice("on-failure", SweepSpec.OnFailure.class),
                s.integer("max-retries", 0, 1000),
                earlyTerminate(s.block("early-terminate")),
                s.text("space"));
    }

    private static Metric metric(Settings s) {
        String name = s.text("name");
        if (!Metric.exists(name)) {
            throw s.error(
                    "name",
                    "is no value of scores.json that generated networks always have",
                    meant(name.replaceFirst("^" + Metric.VALIDATION, ""))
                            .map("Maybe %s?"::formatted)
                            .orElse("Maybe one of %s?".formatted(String.join(", ", Metric.NAMES))));
        }
        return switch (s.choice("goal", WrittenGoal.class)) {
            case AUTO -> Metric.of(name, null);
            case MAXIMIZE -> new Metric(name, SweepSpec.Goal.MAXIMIZE);
            case MINIMIZE -> new Metric(name, SweepSpec.Goal.MINIMIZE);
        };
    }

    // The validation split is taken anyway, and who leaves out what of a value is meant means its mean.
    private static Optional<String> meant(String name) {
        return Stream.of(name, name + "_mean")
                .filter(Metric.NAMES::contains)
                .findFirst()
                .or(() -> Nearest.to(name, Metric.NAMES));
    }

    private static EarlyTerminateSpec earlyTerminate(Settings s) {
        Settings median = s.block("median");
        return new EarlyTerminateSpec(
                s.choice("type", EarlyTerminateSpec.Type.class),
                new Median(
                        median.choice("time-attr", TimeAttr.class),
                        median.real("grace-period", 0, LONGEST),
                        median.integer("min-samples-required", 1, SweepTrials.MOST)),
                halving(s.block("asha")),
                halving(s.block("hyperband")));
    }

    private static Halving halving(Settings s) {
        Halving halving = new Halving(
                s.choice("time-attr", TimeAttr.class),
                s.positive("grace-period", LONGEST),
                s.real("reduction-factor", 1.1, 1000),
                s.positive("max-t", LONGEST));
        if (halving.maxT() < halving.gracePeriod()) {
            throw s.error(
                    s.written("max-t", "grace-period"),
                    "leaves no rung between grace-period and max-t",
                    "Maybe a larger max-t?");
        }
        return halving;
    }
}
