package dev.zooflow.experiment;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Makes the runs of an experiment whose sweep has parameters in which the trials of one run can't differ, the base network
 * for example: one for each choice of their values. Within each the other parameters make trials as ever.
 */
final class SweepRuns {

    /** Blocks that are chosen before there are parameters. */
    private static final Set<String> EARLIER = Set.of("budget", "budgets", "sweep");

    private final Config defaults;

    SweepRuns(Config defaults) {
        this.defaults = defaults;
    }

    /**
     * What is written for one of the runs.
     *
     * @param values of the parameters, {@code key=value} each
     */
    record Run(Config written, List<String> values) {}

    /** The runs, without the parameters that made them; one where there are none. */
    List<Run> split(Config written) {
        List<SweepParameter> parameters = written.hasPath(SweepTrials.PARAMETERS)
                ? SweepParameter.collect(written.getObject(SweepTrials.PARAMETERS)).stream()
                        .filter(parameter -> !parameter.ofTrial())
                        .toList()
                : List.of();
        if (parameters.isEmpty()) {
            return List.of(new Run(written, List.of()));
        }
        Settings sweep = new Settings(written.withFallback(defaults), "").block("sweep");
        requireGrid(parameters, sweep);
        int cap = sweep.integer("run-cap", 1, SweepTrials.MOST);
        return Combinations.of(
                        parameters.stream().map(SweepParameter::gridValues).toList(), cap, () -> tooMany(cap))
                .stream()
                .map(choice -> run(written, parameters, choice))
                .toList();
    }

    /** Refuses more trials than a sweep may have, over all its runs. */
    static void requireWithin(List<Variant> variants) {
        int trials = variants.stream()
                .mapToInt(variant -> variant.spec().flows().size())
                .sum();
        for (Variant variant : variants) {
            int cap = variant.spec().sweep().map(SweepSpec::runCap).orElse(Integer.MAX_VALUE);
            if (trials > cap) {
                throw tooMany(cap);
            }
        }
    }

    private static UserError tooMany(int cap) {
        return UserError.usage(
                "sweep.run-cap (%d) is less than the grid has trials in all its runs. Maybe fewer values, or a larger sweep.run-cap?"
                        .formatted(cap));
    }

    private static void requireGrid(List<SweepParameter> parameters, Settings sweep) {
        SweepSpec.Method method = sweep.choice("method", SweepSpec.Method.class);
        for (SweepParameter parameter : parameters) {
            if (EARLIER.contains(parameter.path().get(0))) {
                throw refusal(parameter, "is decided before a sweep is made");
            }
            if (method != SweepSpec.Method.GRID) {
                throw refusal(
                        parameter,
                        "makes a run of each value, which method %s does not".formatted(Settings.kebab(method)));
            }
        }
    }

    private static UserError refusal(SweepParameter parameter, String problem) {
        return UserError.usage("%s%s (%s) %s. Maybe leave it out, and --each '%s=[…]'?"
                .formatted(
                        Where.of(parameter.block().origin()),
                        parameter.name(),
                        Shown.shown(parameter.block()),
                        problem,
                        ConfigUtil.joinPath(parameter.path())));
    }

    private Run run(Config written, List<SweepParameter> parameters, List<ConfigValue> choice) {
        Overrides overrides = new Overrides(defaults.root());
        Config out = written;
        List<String> values = new ArrayList<>();
        for (int i = 0; i < choice.size(); i++) {
            SweepParameter parameter = parameters.get(i);
            String place = Where.of(parameter.block().origin()) + parameter.name();
            Config rest = out.withoutPath(parameter.name() + ".values");
            out = overrides.set(rest, parameter.path(), choice.get(i), place);
            values.add("%s=%s"
                    .formatted(
                            ConfigUtil.joinPath(parameter.path()),
                            choice.get(i).render(ConfigRenderOptions.concise())));
        }
        return new Run(out, values);
    }
}
