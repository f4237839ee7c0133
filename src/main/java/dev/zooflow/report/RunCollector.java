package dev.zooflow.report;

import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.RunId;
import dev.zooflow.message.Event;
import dev.zooflow.message.Event.FlowCheckpoint;
import dev.zooflow.message.Event.FlowLikelihood;
import dev.zooflow.message.Event.GeneratedNetworks;
import dev.zooflow.message.Event.LossBarriers;
import dev.zooflow.message.Event.MetricPoint;
import dev.zooflow.message.Event.RunIngredients;
import dev.zooflow.message.Event.Score;
import dev.zooflow.message.Event.ZooTrajectory;
import dev.zooflow.message.RunEvent.RunCompleted;
import dev.zooflow.message.RunEvent.RunResumed;
import dev.zooflow.message.RunEvent.RunSubmitted;
import dev.zooflow.message.RunEvent.TrialProposed;
import dev.zooflow.message.TaskEvent;
import dev.zooflow.report.RunRecord.Outcome;
import dev.zooflow.report.RunRecord.Status;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Collects the events of one run and reduces them to a {@link RunRecord}. An event counts once, by its message id; weights
 * that no report shows are dropped at once. Owned by one thread.
 */
public final class RunCollector {

    /** Held-out networks that the report shows beside the generated ones. */
    private static final int HELD_OUT_SHOWN = 4;

    private final RunId run;
    private final int networks;
    private final String variant;
    private final Map<String, Event> events = new LinkedHashMap<>();
    private final Map<String, FlowCheckpoint> checkpoints = new TreeMap<>();

    /**
     * A collector without events, of networks that the sampling itself generated.
     *
     * @param run whose events count; others are passed over
     * @param networks how many generated networks of each flow are kept for pictures and export
     */
    public RunCollector(RunId run, int networks) {
        this(run, networks, "");
    }

    /**
     * A collector without events.
     *
     * @param variant of the sampling whose networks are kept, those of others are not; empty for the sampling itself
     */
    public RunCollector(RunId run, int networks, String variant) {
        this.run = run;
        this.networks = networks;
        this.variant = variant;
    }

    /** Takes an event; a second one with the same id changes nothing. */
    public void accept(Event event) {
        if (event.run().equals(run)) {
            if (event instanceof FlowCheckpoint c && !c.last()) {
                checkpoints.merge(c.flow(), c, (some, other) -> other.step() > some.step() ? other : some);
            }
            reduce(event).ifPresent(e -> events.putIfAbsent(e.id(), e));
        }
    }

    private Optional<Event> reduce(Event event) {
        if (event instanceof GeneratedNetworks g) {
            return g.last() && g.variant().equals(variant) ? Optional.of(first(g)) : Optional.empty();
        }
        if (event instanceof ZooTrajectory z) {
            return z.heldOut() && z.steps().length > 0 ? Optional.of(lastSnapshot(z)) : Optional.empty();
        }
        return event instanceof FlowCheckpoint c && !c.last() ? Optional.empty() : Optional.of(event);
    }

    private GeneratedNetworks first(GeneratedNetworks g) {
        int n = Math.min(networks, g.networks().size());
        return new GeneratedNetworks(
                g.run(),
                g.flow(),
                g.variant(),
                g.checkpoint(),
                g.step(),
                g.seconds(),
                true,
                g.gradientSteps(),
                g.networks().slice(0, n));
    }

    private static ZooTrajectory lastSnapshot(ZooTrajectory z) {
        int last = z.steps().length - 1;
        return new ZooTrajectory(
                z.run(),
                z.trajectory(),
                true,
                new int[] {z.steps()[last]},
                new float[] {z.validationAccuracy()[last]},
                z.snapshots().slice(last, last + 1));
    }

    /** What the events so far say. */
    public RunRecord record() {
        Optional<RunSubmitted> submitted = of(RunSubmitted.class).findFirst();
        String experiment =
                withProposals(submitted.map(RunSubmitted::experiment).orElse(""));
        Comparator<String> order =
                RunRecord.parse(experiment).map(Groups::order).orElseGet(() -> Groups.order(List.of(), List.of()));
        return new RunRecord(
                run,
                experiment,
                provenance(submitted),
                outcome(),
                TaskReducer.reduce(of(TaskEvent.class).toList()),
                of(Score.class)
                        .filter(Score::last)
                        .map(this::withLikelihood)
                        .sorted(Comparator.comparing(Score::group, order))
                        .toList(),
                history(order),
                metrics(),
                of(FlowCheckpoint.class)
                        .sorted(Comparator.comparing(c -> Groups.generated(c.flow()), order))
                        .toList(),
                checkpoints,
                of(LossBarriers.class)
                        .sorted(Comparator.comparing(LossBarriers::variant).reversed())
                        .toList(),
                of(GeneratedNetworks.class)
                        .sorted(Comparator.comparing(g -> Groups.generated(g.flow()), order))
                        .toList(),
                of(ZooTrajectory.class)
                        .sorted(Comparator.comparingInt(ZooTrajectory::trajectory))
                        .limit(HELD_OUT_SHOWN)
                        .toList());
    }

    /** What the submission says, and of what it doesn't know what the evaluator of the baselines says. */
    private Map<String, String> provenance(Optional<RunSubmitted> submitted) {
        Map<String, String> all = new LinkedHashMap<>();
        submitted.ifPresent(s -> all.putAll(s.provenance()));
        of(RunIngredients.class).findFirst().ifPresent(i -> i.values().forEach(all::putIfAbsent));
        return all;
    }

    /** The experiment with the trials that were proposed while it ran. */
    private String withProposals(String experiment) {
        Map<Integer, TrialProposed> proposals =
                of(TrialProposed.class).collect(Collectors.toMap(TrialProposed::number, p -> p));
        Optional<ExperimentSpec> spec = proposals.isEmpty() ? Optional.empty() : RunRecord.parse(experiment);
        return spec.map(s -> TrialProposed.append(s, proposals))
                .map(ExperimentFile::render)
                .orElse(experiment);
    }

    // A flow's networks stand in the table beside what is known of the flow itself.
    private Score withLikelihood(Score score) {
        return of(FlowLikelihood.class)
                .filter(l -> score.group().equals(Groups.generated(l.flow())))
                .findFirst()
                .map(l -> score.with(joined(score.values(), l.values()), joined(score.series(), l.series())))
                .orElse(score);
    }

    private static <V> Map<String, V> joined(Map<String, V> some, Map<String, V> more) {
        Map<String, V> out = new TreeMap<>(some);
        out.putAll(more);
        return out;
    }

    private Outcome outcome() {
        return of(RunCompleted.class)
                .max(Comparator.comparingInt(RunCompleted::round))
                .filter(c -> of(RunResumed.class).noneMatch(r -> r.round() > c.round()))
                .map(c -> new Outcome(c.failed().isEmpty() ? Status.COMPLETED : Status.FAILED, c.failed(), c.seconds()))
                .orElse(new Outcome(Status.UNFINISHED, List.of(), 0));
    }

    private Map<String, List<Score>> history(Comparator<String> order) {
        return of(Score.class)
                .filter(s -> Groups.isFlow(s.group()))
                .sorted(Comparator.comparing(Score::group, order)
                        .thenComparingLong(Score::step)
                        .thenComparing(Score::last)
                        .thenComparingInt(Score::checkpoint))
                .collect(Collectors.groupingBy(
                        s -> Groups.flow(s.group()), LinkedHashMap::new, Collectors.toUnmodifiableList()));
    }

    private Map<String, List<MetricPoint>> metrics() {
        Map<String, List<MetricPoint>> stages = of(MetricPoint.class)
                .collect(Collectors.groupingBy(MetricPoint::stage, TreeMap::new, Collectors.toList()));
        stages.replaceAll((stage, points) -> Curve.of(points));
        return stages;
    }

    private <E extends Event> Stream<E> of(Class<E> type) {
        return events.values().stream().filter(type::isInstance).map(type::cast);
    }
}
