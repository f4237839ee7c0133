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
        Settings sweep = new Settings(written.withFallback(defaults), "").block("sweep");
        int cap = sweep.integer("run-cap", 1, MOST);
        long seed = new Settings(written.withFallback(defaults), "").integer("seed", Long.MIN_VALUE, Long.MAX_VALUE);
        SweepSpec.Method method = sweep.choice("method", SweepSpec.Method.class);
        List<List<ConfigValue>> choices = switch (method) {
            case GRID -> ordered(SweepChoices.grid(parameters, cap), sweep.block("early-terminate"), seed);
            case RANDOM -> SweepChoices.random(parameters, cap, seed);
            case QUASI_RANDOM -> SweepChoices.quasiRandom(parameters, cap, seed);
            case TPE -> startUp(new SweepSpace(parameters), seed, sweep.integer("max-concurrent", 0, MOST), cap);
        };
        if (method == SweepSpec.Method.TPE) {
            return withTrials(written, parameters, choices, numbers(choices.size()))
                    .withValue(
                            "sweep.space", ConfigValueFactory.fromAnyRef(block.render(ConfigRenderOptions.concise())));
        }
        return withTrials(written, parameters, choices);
    }

    /**
     * The experiment with these trials as flows, and without parameters.
     *
     * @param choices a value of each parameter for each trial
     */
    static Config withTrials(Config written, List<SweepParameter> parameters, List<List<ConfigValue>> choices) {
        return withTrials(written, parameters, choices, names(parameters, choices));
    }

    private static Config withTrials(
            Config written, List<SweepParameter> parameters, List<List<ConfigValue>> choices, List<String> names) {
        requireNoFlows(written);
        List<ConfigValue> flows = IntStream.range(0, choices.size())
                .mapToObj(i -> (ConfigValue) flow(names.get(i), parameters, choices.get(i)))
                .toList();
        OptionalInt zoo =
                parameters.stream().flatMapToInt(p -> p.largestZoo().stream()).findFirst();
        Config sized = zoo.isPresent()
                ? written.withValue(
                        String.join(".", SweepParameter.ZOO_SIZE), ConfigValueFactory.fromAnyRef(zoo.getAsInt()))
                : written;
        return sized.withoutPath(PARAMETERS).withValue("flows", ConfigValueFactory.fromIterable(flows));
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

    private static void requireNoFlows(Config written) {
        if (written.hasPath("flows")) {
            throw UserError.usage(
                    "%sflows (%s) stands beside a sweep, which makes them. Maybe put what they share into flow, or flows = null after an include?"
                            .formatted(
                                    Where.of(written.getValue("flows").origin()),
                                    Shown.shown(written.getValue("flows"))));
        }
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
