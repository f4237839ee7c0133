package dev.zooflow.experiment;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Makes the runs of an experiment whose sweep has parameters in which the trials of one run can't differ, the base network
 * for example: one for each choice of their values. Within each the other parameters make trials: those of a grid all of them,
 * those that are drawn with the values of the run.
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
                ? SweepParameter.collect(written.getObject(SweepTrials.PARAMETERS))
                : List.of();
        List<SweepParameter> ofRuns =
                parameters.stream().filter(parameter -> !parameter.ofTrial()).toList();
        if (ofRuns.isEmpty()) {
            return List.of(new Run(written, List.of()));
        }
        ofRuns.forEach(SweepRuns::requireLaterThanTheSweep);
        Settings all = new Settings(written.withFallback(defaults), "");
        Settings sweep = all.block("sweep");
        int cap = sweep.integer("run-cap", 1, SweepTrials.MOST);
        long seed = all.integer("seed", Long.MIN_VALUE, Long.MAX_VALUE);
        return switch (sweep.choice("method", SweepSpec.Method.class)) {
            case GRID ->
                SweepChoices.grid(ofRuns, cap).stream()
                        .map(choice -> run(written, ofRuns, choice))
                        .toList();
            case RANDOM -> drawn(written, parameters, n -> SweepChoices.random(parameters, n, seed), cap);
            case QUASI_RANDOM -> drawn(written, parameters, n -> SweepChoices.quasiRandom(parameters, n, seed), cap);
            case TPE ->
                throw refusal(
                        ofRuns.get(0),
                        "makes a run of each value, and tpe learns within one run",
                        "method = quasi-random");
        };
    }

    /** A run for each choice among the values that were drawn, with the trials that were drawn with it. */
    private List<Run> drawn(
            Config written, List<SweepParameter> parameters, IntFunction<List<List<ConfigValue>>> draw, int cap) {
        Map<Boolean, List<SweepParameter>> kinds =
                parameters.stream().collect(Collectors.partitioningBy(SweepParameter::ofTrial));
        List<SweepParameter> ofTrials = kinds.get(true);
        int trialsEach = ofTrials.isEmpty()
                ? Math.max(
                        1,
                        Elements.of(written.withFallback(defaults), "flows", "{ name = geometric }")
                                .size())
                : 1;
        Map<List<ConfigValue>, List<List<ConfigValue>>> trials = draw.apply(Math.max(1, cap / trialsEach)).stream()
                .collect(Collectors.groupingBy(
                        choice -> part(parameters, choice, false),
                        LinkedHashMap::new,
                        Collectors.mapping(choice -> part(parameters, choice, true), Collectors.toList())));
        List<Run> runs = new ArrayList<>();
        trials.forEach((choice, those) -> {
            Run run = run(written, kinds.get(false), choice);
            runs.add(
                    ofTrials.isEmpty()
                            ? run
                            : new Run(SweepTrials.withTrials(run.written(), ofTrials, those), run.values()));
        });
        return runs;
    }

    private static List<ConfigValue> part(List<SweepParameter> parameters, List<ConfigValue> choice, boolean ofTrial) {
        return IntStream.range(0, choice.size())
                .filter(i -> parameters.get(i).ofTrial() == ofTrial)
                .mapToObj(choice::get)
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
                throw SweepChoices.tooMany(cap);
            }
        }
    }

    private static void requireLaterThanTheSweep(SweepParameter parameter) {
        if (EARLIER.contains(parameter.path().get(0))) {
            throw refusal(
                    parameter,
                    "is decided before a sweep is made",
                    "leave it out, and --each '%s=[…]'".formatted(ConfigUtil.joinPath(parameter.path())));
        }
    }

    private static UserError refusal(SweepParameter parameter, String problem, String remedy) {
        return UserError.usage("%s%s (%s) %s. Maybe %s?"
                .formatted(
                        Where.of(parameter.block().origin()),
                        parameter.name(),
                        Shown.shown(parameter.block()),
                        problem,
                        remedy));
    }

    private Run run(Config written, List<SweepParameter> parameters, List<ConfigValue> choice) {
        Overrides overrides = new Overrides(defaults.root());
        Config out = written;
        List<String> values = new ArrayList<>();
        for (int i = 0; i < choice.size(); i++) {
            SweepParameter parameter = parameters.get(i);
            String place = Where.of(parameter.block().origin()) + parameter.name();
            Config rest = out;
            for (String key : parameter.block().keySet()) {
                rest = rest.withoutPath(parameter.name() + "." + key);
            }
            out = overrides.set(rest, parameter.path(), choice.get(i), place);
            values.add("%s=%s"
                    .formatted(
                            ConfigUtil.joinPath(parameter.path()),
                            choice.get(i).render(ConfigRenderOptions.concise())));
        }
        return new Run(out, values);
    }
}
