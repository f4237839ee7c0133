package dev.zooflow.experiment;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Makes the {@code flows} of an experiment with a {@code sweep}: a trial for each choice of parameters. The zoo is trained
 * once, and all trials are measured against it.
 */
final class SweepTrials {

    static final String PARAMETERS = "sweep.parameters";
    /** Most trials of a sweep. */
    static final int MOST = 10_000;

    private static final int LONGEST_LABEL = 60;

    private final Config defaults;

    SweepTrials(Config defaults) {
        this.defaults = defaults;
    }

    /** The experiment with its trials as flows, and without the parameters that made them. */
    Config expand(Config written) {
        if (!written.hasPath(PARAMETERS) || written.getObject(PARAMETERS).isEmpty()) {
            return written;
        }
        ConfigObject block = written.getObject(PARAMETERS);
        List<SweepParameter> parameters = SweepParameter.collect(block);
        if (parameters.isEmpty()) {
            return written.withoutPath(PARAMETERS);
        }
        requireOfTrials(parameters);
        if (written.hasPath("flows")) {
            throw UserError.usage(
                    "%sflows (%s) stands beside a sweep, which makes them. Maybe put what they share into flow, or flows = null after an include?"
                            .formatted(
                                    Where.of(written.getValue("flows").origin()),
                                    Shown.shown(written.getValue("flows"))));
        }
        Settings sweep = new Settings(written.withFallback(defaults), "").block("sweep");
        int cap = sweep.integer("run-cap", 1, MOST);
        long seed = new Settings(written.withFallback(defaults), "").integer("seed", Long.MIN_VALUE, Long.MAX_VALUE);
        SplittableRandom random = new SplittableRandom(seed);
        SweepSpec.Method method = sweep.choice("method", SweepSpec.Method.class);
        List<List<ConfigValue>> choices = switch (method) {
            case GRID -> ordered(grid(parameters, cap), sweep.block("early-terminate"), seed);
            case RANDOM -> random(parameters, cap, random);
            case QUASI_RANDOM -> quasiRandom(parameters, cap, random);
            case TPE -> startUp(new SweepSpace(parameters), seed, sweep.integer("max-concurrent", 0, MOST), cap);
        };
        boolean tpe = method == SweepSpec.Method.TPE;
        List<String> names = tpe ? numbers(choices.size()) : names(parameters, choices);
        List<ConfigValue> flows = IntStream.range(0, choices.size())
                .mapToObj(i -> (ConfigValue) flow(names.get(i), parameters, choices.get(i)))
                .toList();
        OptionalInt zoo =
                parameters.stream().flatMapToInt(p -> p.largestZoo().stream()).findFirst();
        Config sized = zoo.isPresent()
                ? written.withValue(
                        String.join(".", SweepParameter.ZOO_SIZE), ConfigValueFactory.fromAnyRef(zoo.getAsInt()))
                : written;
        Config trials = sized.withoutPath(PARAMETERS).withValue("flows", ConfigValueFactory.fromIterable(flows));
        return tpe
                ? trials.withValue(
                        "sweep.space", ConfigValueFactory.fromAnyRef(block.render(ConfigRenderOptions.concise())))
                : trials;
    }

    /**
     * In an order drawn from the seed where trials are judged by those before them: one in which they become better and better
     * would let all of them pass.
     */
    private static List<List<ConfigValue>> ordered(List<List<ConfigValue>> grid, Settings stops, long seed) {
        if (stops.choice("type", EarlyTerminateSpec.Type.class) == EarlyTerminateSpec.Type.NONE) {
            return grid;
        }
        List<List<ConfigValue>> shuffled = new ArrayList<>(grid);
        Collections.shuffle(shuffled, new Random(seed));
        return shuffled;
    }

    private static void requireOfTrials(List<SweepParameter> parameters) {
        for (SweepParameter parameter : parameters) {
            if (!parameter.ofTrial()) {
                throw UserError.usage(
                        "%s%s (%s) makes a run of each value, where one experiment is wanted. Maybe `zooflow run`, or leave it out?"
                                .formatted(
                                        Where.of(parameter.block().origin()),
                                        parameter.name(),
                                        Shown.shown(parameter.block())));
            }
        }
    }

    private static List<List<ConfigValue>> grid(List<SweepParameter> parameters, int cap) {
        return Combinations.of(
                parameters.stream().map(SweepParameter::gridValues).toList(),
                cap,
                () -> UserError.usage(
                        "sweep.run-cap (%d) is less than the grid has trials. Maybe fewer values, or a larger sweep.run-cap?"
                                .formatted(cap)));
    }

    private static List<List<ConfigValue>> random(List<SweepParameter> parameters, int cap, SplittableRandom random) {
        return IntStream.range(0, cap)
                .mapToObj(trial ->
                        parameters.stream().map(p -> p.at(random.nextDouble())).toList())
                .toList();
    }

    // Halton's sequence (1960), a prime base for each parameter, with one random shift modulo 1 (Cranley and
    // Patterson).
    private static List<List<ConfigValue>> quasiRandom(
            List<SweepParameter> parameters, int cap, SplittableRandom random) {
        double[] shift =
                parameters.stream().mapToDouble(p -> random.nextDouble()).toArray();
        int[] bases = IntStream.iterate(2, n -> n + 1)
                .filter(n -> IntStream.range(2, n).noneMatch(k -> n % k == 0))
                .limit(parameters.size())
                .toArray();
        return IntStream.rangeClosed(1, cap)
                .mapToObj(trial -> IntStream.range(0, bases.length)
                        .mapToObj(i -> parameters.get(i).at((radicalInverse(trial, bases[i]) + shift[i]) % 1))
                        .toList())
                .toList();
    }

    /** The digits of n in a base, mirrored at the point: in [0, 1). */
    static double radicalInverse(int n, int base) {
        double inverse = 0;
        double digit = 1.0 / base;
        for (int rest = n; rest > 0; rest /= base) {
            inverse += rest % base * digit;
            digit /= base;
        }
        return inverse;
    }

    /** Their values, where that is short and tells them apart; else numbers. */
    private static List<String> names(List<SweepParameter> parameters, List<List<ConfigValue>> choices) {
        List<String> labels = choices.stream()
                .map(choice -> IntStream.range(0, choice.size())
                        .mapToObj(i -> parameters.get(i).label(choice.get(i)))
                        .collect(Collectors.joining("-")))
                .toList();
        boolean good = Set.copyOf(labels).size() == labels.size()
                && labels.stream().allMatch(l -> l.length() <= LONGEST_LABEL && l.matches("[a-z0-9].*"));
        return good ? labels : numbers(labels.size());
    }

    private static List<String> numbers(int trials) {
        return IntStream.rangeClosed(1, trials).mapToObj(SweepSpace::name).toList();
    }

    private static List<List<ConfigValue>> startUp(SweepSpace space, long seed, int concurrent, int cap) {
        return space.startUp(seed, concurrent, cap).stream().map(space::values).toList();
    }

    private static ConfigObject flow(String name, List<SweepParameter> parameters, List<ConfigValue> choice) {
        ConfigObject flow = ConfigFactory.empty()
                .root()
                .withOrigin(parameters.get(0).block().origin())
                .withValue("name", ConfigValueFactory.fromAnyRef(name));
        for (int i = 0; i < choice.size(); i++) {
            flow = parameters.get(i).set(flow, choice.get(i));
        }
        return flow;
    }
}
