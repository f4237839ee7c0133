package dev.zooflow.experiment;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Experiment files: HOCON with the keys of {@code zooflow.experiment} in {@code reference.conf} at the top level. A file
 * says only what differs from there, and for each named budget what differs from the rest. Each element of {@code flows} inherits from {@code flow}, that of the file and that of
 * the defaults. An unknown key, a wrong type or an impossible value is a {@link UserError} that names its place and what
 * was probably meant.
 */
public final class ExperimentFile {

    private static final List<String> OPTIONAL = List.of("transfer", "sweep");

    private ExperimentFile() {}

    /**
     * Reads a file, its includes and overrides.
     *
     * @param overrides {@code key=value} each, applied from left to right; an element of a list is named by its index from
     *     0, a flow also by its name: {@code flows.0.geometry=euclidean}, {@code flows.geometric.training.time=20s}
     * @throws UserError when the file is missing or says what can't be done
     */
    public static ExperimentSpec load(Path file, List<String> overrides) {
        ExperimentSpec spec = read(Hocon.file(file), overrides);
        StopCheck.require(List.of(spec));
        return spec;
    }

    /**
     * Reads all experiments that a file makes: one for each choice of the values that lists name and of those sweep
     * parameters in which the trials of one run can't differ.
     *
     * @param overrides as for {@link #load}, for all of them
     * @param each {@code key=[a, b]} each, in HOCON; any key may be one
     * @throws UserError when the file is missing or says what can't be done, or a list is none
     */
    public static List<Variant> loadAll(Path file, List<String> overrides, List<String> each) {
        Config written = Hocon.file(file);
        return Each.combinations(each).stream()
                .flatMap(values -> variants(written, plus(overrides, values), values).stream())
                .toList();
    }

    private static List<Variant> variants(Config file, List<String> overrides, List<String> values) {
        Config defaults = Hocon.defaults();
        List<Variant> variants = new SweepRuns(defaults)
                .split(new Budgets(defaults).choose(file, overrides)).stream()
                        .map(run -> new Variant(read(run.written(), defaults), plus(values, run.values())))
                        .toList();
        SweepRuns.requireWithin(variants);
        StopCheck.require(variants.stream().map(Variant::spec).toList());
        return variants;
    }

    private static List<String> plus(List<String> some, List<String> more) {
        return Stream.concat(some.stream(), more.stream()).toList();
    }

    /**
     * Reads a text, as {@link #render} writes it. Fit for texts from messages: nothing else is read, neither includes nor
     * the environment.
     *
     * @throws UserError when it says what can't be done
     */
    public static ExperimentSpec parse(String hocon) {
        return parse(hocon, List.of());
    }

    /**
     * Reads a text with overrides, as {@link #load} applies them.
     *
     * @throws UserError when they say what can't be done
     */
    public static ExperimentSpec parse(String hocon, List<String> overrides) {
        return read(Hocon.text(hocon), overrides);
    }

    /** The resolved experiment as HOCON, every key written out; {@code parse(render(spec)).equals(spec)}. */
    public static String render(ExperimentSpec spec) {
        return SpecWriter.write(spec, false);
    }

    /**
     * The text of a sweep's experiment with one trial in it, from that with the first one.
     *
     * @param text as {@link #render} writes it
     */
    public static String renderTrial(String text, FlowSpec first, FlowSpec trial) {
        return "%s%nflows = [%s]%n".formatted(text, SpecWriter.difference(trial, first));
    }

    /** The resolved experiment as JSON, which is HOCON too. */
    public static String renderJson(ExperimentSpec spec) {
        return SpecWriter.write(spec, true);
    }

    static ExperimentSpec read(Config file, List<String> overrides) {
        Config defaults = Hocon.defaults();
        return read(new Budgets(defaults).choose(file, overrides), defaults);
    }

    private static ExperimentSpec read(Config chosen, Config defaults) {
        Config written = new SweepTrials(defaults).expand(chosen);
        new KnownKeys(defaults.root()).check(written.root());
        // Their defaults alone are no transfer and no sweep.
        Config below = defaults;
        for (String block : OPTIONAL) {
            below = written.hasPath(block) ? below : below.withoutPath(block);
        }
        return SpecReader.read(written.withFallback(below));
    }
}
