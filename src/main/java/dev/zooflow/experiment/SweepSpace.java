package dev.zooflow.experiment;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import dev.zooflow.experiment.search.Tpe;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * What a sweep of method tpe searches: its parameters, the trials that it begins with, and trials that are made of places
 * in the parameters' ranges, each in [0, 1).
 */
public final class SweepSpace {

    private static final ConfigRenderOptions CONCISE = ConfigRenderOptions.concise();

    private final List<SweepParameter> parameters;
    private final Tpe tpe;

    SweepSpace(List<SweepParameter> parameters) {
        this.parameters = parameters;
        this.tpe = new Tpe(parameters.stream().mapToInt(p -> p.values().size()).toArray());
    }

    /** The space of a resolved experiment's sweep. */
    public static SweepSpace of(SweepSpec sweep) {
        return new SweepSpace(SweepParameter.collect(Hocon.text(sweep.space()).root()));
    }

    /** Whether trials that it proposes may differ in one of these keys. */
    boolean varies(Set<String> keys) {
        return parameters.stream().flatMap(p -> p.keys().stream()).anyMatch(keys::contains);
    }

    /** The name of a trial by its number, from 1. */
    static String name(int number) {
        return "trial-%03d".formatted(number);
    }

    /** The places of the trials before the first proposal, drawn from the seed; there are as many as may run at a time. */
    public List<double[]> startUp(long seed, int maxConcurrent, int runCap) {
        SplittableRandom random = new SplittableRandom(seed);
        return IntStream.range(0, Math.min(Math.max(Tpe.START_UP_TRIALS, maxConcurrent), runCap))
                .mapToObj(trial -> tpe.random(random))
                .toList();
    }

    /**
     * The places of a further trial.
     *
     * @param number of the trial, from 1
     * @param observations of trials that are over, in their order
     */
    public double[] propose(long seed, int number, List<Tpe.Observation> observations) {
        RandomGenerator random = new SplittableRandom(31 * seed + number);
        return observations.size() < Tpe.START_UP_TRIALS ? tpe.random(random) : tpe.propose(observations, random);
    }

    /** The values at these places. */
    List<ConfigValue> values(double[] places) {
        return IntStream.range(0, places.length)
                .mapToObj(p -> parameters.get(p).at(places[p]))
                .toList();
    }

    /**
     * The flow of a trial, as an element of {@code flows}.
     *
     * @param number of the trial, from 1
     */
    public String flow(int number, double[] places) {
        ConfigObject flow = ConfigValueFactory.fromMap(Map.of("name", name(number)));
        List<ConfigValue> values = values(places);
        for (int p = 0; p < parameters.size(); p++) {
            flow = parameters.get(p).set(flow, values.get(p));
        }
        return flow.render(CONCISE);
    }

    /**
     * The experiment with one flow more, which inherits what the others share.
     *
     * @param flow by {@link #flow}
     * @throws UserError when it is none
     */
    public static ExperimentSpec append(ExperimentSpec spec, String flow) {
        Config one = Hocon.text(ExperimentFile.render(spec.with(spec.flows().subList(0, 1))));
        ConfigList only =
                ConfigValueFactory.fromIterable(List.of(Hocon.text(flow).root()));
        FlowSpec read = ExperimentFile.read(one.withValue("flows", only), List.of())
                .flows()
                .get(0);
        List<FlowSpec> flows = new ArrayList<>(spec.flows());
        flows.add(read);
        return new ExperimentSpec(
                spec.name(),
                spec.seed(),
                spec.task(),
                spec.network(),
                spec.zoo(),
                flows,
                spec.sampling(),
                spec.samplings(),
                spec.evaluation(),
                spec.transfer(),
                spec.sweep(),
                spec.published());
    }
}
