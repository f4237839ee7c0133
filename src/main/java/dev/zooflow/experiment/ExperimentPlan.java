package dev.zooflow.experiment;

import dev.zooflow.graph.Architecture;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToLongBiFunction;
import java.util.stream.Stream;

/** What a run of an experiment will do, in a dozen lines for a person. */
public final class ExperimentPlan {

    private final ExperimentSpec spec;
    private final Optional<TaskShape> shape;
    private final Optional<Architecture> architecture;
    private final List<String> lines = new ArrayList<>();

    private ExperimentPlan(ExperimentSpec spec, Optional<TaskShape> shape) {
        this.spec = spec;
        this.shape = shape;
        this.architecture = shape.map(s -> s.architecture(spec));
    }

    /** The plan as text, one line per stage, ending with a line break. */
    public static String describe(ExperimentSpec spec) {
        return new ExperimentPlan(spec, TaskShape.of(spec.task())).text();
    }

    /**
     * The plan, what its topics are called, and how much it stores.
     *
     * @param shape of the task, where that is known
     * @param topics names
     * @param parameters of a flow's network over networks of an architecture
     */
    public static String describe(
            ExperimentSpec spec,
            Optional<TaskShape> shape,
            List<String> topics,
            ToLongBiFunction<FlowSpec, Architecture> parameters) {
        ExperimentPlan plan = new ExperimentPlan(spec, shape);
        String text = plan.text();
        plan.lines.clear();
        plan.line("topics", String.join(", ", topics));
        plan.line(
                "storage",
                plan.shape
                        .map(s -> CostEstimate.of(spec, plan.architecture.orElseThrow(), s.examples()))
                        .map(cost -> StorageEstimate.of(spec, plan.architecture.orElseThrow(), cost, parameters)
                                .text())
                        .orElse("the data say how much"));
        return text + String.join("\n", plan.lines) + "\n";
    }

    private String text() {
        line("experiment", "%s, seed %d".formatted(spec.name(), spec.seed()));
        line("task", task());
        line("networks", networks());
        line("zoo", zoo());
        spec.flows().forEach(flow -> line("flow " + flow.name(), flow(flow)));
        line("sampling", sampling());
        spec.samplings().forEach(s -> line("sampling " + s.name(), variant(s)));
        line("evaluation", evaluation());
        spec.transfer().ifPresent(t -> line("transfer", transfer(t)));
        spec.sweep().ifPresent(s -> line("sweep", sweep(s)));
        shape.ifPresent(s -> {
            CostEstimate cost = CostEstimate.of(spec, architecture.orElseThrow(), s.examples());
            line("time", time(cost));
        });
        return String.join("\n", lines) + "\n";
    }

    private void line(String name, String what) {
        int width = Stream.concat(
                        spec.flows().stream().map(f -> "flow " + f.name()),
                        spec.samplings().stream().map(s -> "sampling " + s.name()))
                .mapToInt(String::length)
                .max()
                .orElse(0);
        lines.add(("%-" + Math.max(width, 10) + "s  %s").formatted(name, what));
    }

    private String task() {
        TaskSpec task = spec.task();
        String what = (Settings.kebab(task.kind()) + " " + task.file() + task.trainImages()).strip()
                + shape.map(s -> ": %s examples of %d %s, %d classes"
                                .formatted(
                                        grouped(s.examples()),
                                        s.inputs(),
                                        s.imageSide() > 0
                                                ? "pixels (%d×%d)".formatted(s.imageSide(), s.imageSide())
                                                : "features",
                                        s.classes()))
                        .orElse("");
        return "%s; %s validation, %s test"
                .formatted(
                        what,
                        percent(task.validationFraction()),
                        ownTestFiles() ? "own files for" : percent(task.testFraction()));
    }

    private boolean ownTestFiles() {
        return switch (spec.task().kind()) {
            case IDX, MNIST, FASHION_MNIST -> true;
            case DIGITS, SPIRALS, TWO_MOONS, BLOBS, CSV, WDBC -> false;
        };
    }

    private String networks() {
        String activation = Settings.kebab(spec.network().activation());
        return architecture
                .map(a -> "%s %s, %s parameters".formatted(a, activation, grouped(a.parameters())))
                .orElse("inputs-%s-classes %s; the data say the parameters"
                        .formatted(
                                String.join(
                                        "-",
                                        spec.network().hidden().stream()
                                                .map(String::valueOf)
                                                .toList()),
                                activation));
    }

    private String zoo() {
        ZooSpec zoo = spec.zoo();
        if (zoo.kind() == ZooSpec.Kind.GAUSSIAN) {
            return "%d training and %d held-out trajectories of %d networks each, every weight from N(%s, %s²)"
                    .formatted(
                            zoo.trainingTrajectories(),
                            zoo.heldOutTrajectories(),
                            zoo.snapshots(),
                            zoo.gaussianMean(),
                            zoo.gaussianStd());
        }
        if (zoo.kind() == ZooSpec.Kind.IMPORTED) {
            return "%d training and %d held-out trajectories from %s"
                    .formatted(zoo.trainingTrajectories(), zoo.heldOutTrajectories(), zoo.path());
        }
        return "%d training and %d held-out trajectories, %d epochs of %s, %d snapshots each after epoch %d: %s networks in %s"
                .formatted(
                        zoo.trainingTrajectories(),
                        zoo.heldOutTrajectories(),
                        zoo.epochs(),
                        Settings.kebab(zoo.optimizer()),
                        zoo.snapshots(),
                        zoo.burnInEpochs(),
                        grouped((long) zoo.trajectories() * zoo.snapshots()),
                        counted(-Math.floorDiv(-zoo.trajectories(), zoo.trajectoriesPerTask()), "task"));
    }

    static String counted(int n, String what) {
        return n == 1 ? "1 " + what : "%d %ss".formatted(n, what);
    }

    private static String flow(FlowSpec flow) {
        String zoo = flow.zooTrajectories() > 0 ? "first %d trajectories; ".formatted(flow.zooTrajectories()) : "";
        TrainingSpec training = flow.training();
        List<String> budget = new ArrayList<>();
        if (training.steps() > 0) {
            budget.add(grouped(training.steps()) + " steps");
        }
        if (!training.time().isZero()) {
            budget.add(duration(training.time()));
        }
        return "%s%s, %s-prediction, %s coupling; %s %s %d, %d layers; %s, batches of %d%s%s"
                .formatted(
                        zoo,
                        Settings.kebab(flow.geometry()),
                        Settings.kebab(flow.prediction()),
                        Settings.kebab(flow.coupling()),
                        Settings.kebab(flow.backbone().kind()),
                        flow.backbone().kind() == BackboneSpec.Kind.FLAT ? "width" : "d_E",
                        flow.backbone().width(),
                        flow.backbone().layers(),
                        "at most " + String.join(" or ", budget),
                        training.batchSize(),
                        flow.sampling()
                                .map(s -> "; its own sampling: " + solver(s))
                                .orElse(""),
                        flow.transfer()
                                .map(g -> "; its own transfer" + guidance(g.guidance()) + refine(g.refine()))
                                .orElse(""));
    }

    private String sampling() {
        SamplingSpec sampling = spec.sampling();
        return "%d networks of each flow, %d of each checkpoint before the last; %s"
                .formatted(sampling.networks(), sampling.checkpointNetworks(), solver(sampling));
    }

    private static String variant(SamplingSpec sampling) {
        return "%d networks of each flow; %s".formatted(sampling.networks(), solver(sampling));
    }

    private static String solver(SamplingSpec sampling) {
        return "%s%s, %s%s%s%s"
                .formatted(
                        sampling.hidden().isEmpty() ? "" : "hidden layers " + sampling.hidden() + "; ",
                        Settings.kebab(sampling.solver()),
                        sampling.solver().isAdaptive()
                                ? "relative tolerance %s".formatted(sampling.rtol())
                                : sampling.steps() + " steps",
                        sampling.noise() > 0 ? ", noise %s".formatted(sampling.noise()) : "",
                        guidance(sampling.guidance()),
                        refine(sampling.refine()));
    }

    private static String guidance(GuidanceSpec guidance) {
        return guidance.isOn() ? ", guidance %s".formatted(guidance.strength()) : "";
    }

    private static String refine(RefineSpec refine) {
        return refine.steps() > 0 ? ", refined by " + counted(refine.steps(), "gradient step") : "";
    }

    private String evaluation() {
        EvaluationSpec evaluation = spec.evaluation();
        int likelihoods = evaluation.likelihood().networks();
        return "baselines of up to %d networks, loss barriers between %d, %d networks of each flow exported%s"
                .formatted(
                        evaluation.networks(),
                        evaluation.barrierNetworks(),
                        evaluation.export(),
                        likelihoods > 0 ? ", likelihood of %d networks of each side".formatted(likelihoods) : "");
    }

    private String sweep(SweepSpec sweep) {
        int trials = StorageEstimate.trials(spec);
        int proposed = trials - spec.flows().size();
        EarlyTerminateSpec.Type stop = sweep.earlyTerminate().type();
        return "%s, %s%s, by %s (%s)%s%s; after a failure %s%s"
                .formatted(
                        Settings.kebab(sweep.method()),
                        counted(trials, "trial"),
                        proposed > 0 ? " of which %d are proposed on the way".formatted(proposed) : "",
                        sweep.metric().selection(),
                        Settings.kebab(sweep.metric().goal()),
                        stop == EarlyTerminateSpec.Type.NONE ? "" : ", stopped early by " + Settings.kebab(stop),
                        sweep.maxConcurrent() > 0 ? ", at most %d at a time".formatted(sweep.maxConcurrent()) : "",
                        Settings.kebab(sweep.onFailure()),
                        sweep.maxRetries() > 0 ? " and try again " + counted(sweep.maxRetries(), "time") : "");
    }

    private static String transfer(TransferSpec transfer) {
        return "to %s: %d networks of each flow%s%s, as many trained for %s; learning curves of %s over %s"
                .formatted(
                        Settings.kebab(transfer.task().kind()),
                        transfer.networks(),
                        guidance(transfer.guidance()),
                        refine(transfer.refine()),
                        counted(transfer.epochs(), "epoch"),
                        counted(transfer.initialisation().runs(), "run"),
                        counted(transfer.initialisation().epochs(), "epoch"));
    }

    private String time(CostEstimate cost) {
        Duration training = cost.flows().stream().reduce(Duration.ZERO, Duration::plus);
        boolean less = spec.sweep().filter(SweepSpec::stopsTrials).isPresent();
        return (less ? "at most " : "")
                + "about %s on two cores: zoo %s, training %s, final sampling %s%s%s; scoring goes on beside"
                        .formatted(
                                duration(cost.total()),
                                duration(cost.zoo()),
                                duration(training),
                                duration(cost.sampling()),
                                ifAny(", refinement and likelihood ", cost.evaluation()),
                                ifAny(", transfer ", cost.transfer()));
    }

    private static String ifAny(String what, Duration duration) {
        return duration.isZero() ? "" : what + duration(duration);
    }

    private static String percent(double fraction) {
        return "%s %%"
                .formatted(BigDecimal.valueOf(fraction * 100)
                        .setScale(1, RoundingMode.HALF_UP)
                        .stripTrailingZeros()
                        .toPlainString());
    }

    private static String grouped(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }

    /** A duration in at most two units, e.g. {@code 2 min 30 s}. */
    static String duration(Duration duration) {
        long seconds = Math.max(1, Math.round(duration.toMillis() / 1000.0));
        if (seconds < 120) {
            return seconds + " s";
        }
        long minutes = seconds / 60;
        if (minutes < 120) {
            return seconds % 60 == 0 ? minutes + " min" : "%d min %d s".formatted(minutes, seconds % 60);
        }
        return minutes % 60 == 0 ? minutes / 60 + " h" : "%d h %d min".formatted(minutes / 60, minutes % 60);
    }
}
