package dev.zooflow.app;

import dev.zooflow.bench.BenchConfig;
import dev.zooflow.bench.BenchKind;
import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.UserError;
import dev.zooflow.kafka.KafkaSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code zooflow bench}: how long the expensive parts of the mathematics take on this machine. */
@Command(name = "bench", description = "Times the expensive parts of the mathematics on this machine.")
final class BenchCommand implements Callable<Integer> {

    @Spec
    private CommandSpec command;

    @Parameters(
            index = "0",
            paramLabel = "WHAT",
            completionCandidates = Kinds.class,
            description = "What to time: ${COMPLETION-CANDIDATES}.")
    private String what = "";

    @Parameters(
            index = "1..*",
            paramLabel = "KEY=VALUE",
            description = "Values above the configuration's, e.g. flow.backbone.width=16.")
    private List<String> overrides = List.of();

    @Option(
            names = "--config",
            paramLabel = "NAME|FILE",
            defaultValue = "wdbc",
            description = "wdbc, gaussian, mnist, or an experiment file: all sizes. Default: ${DEFAULT-VALUE}.")
    private String config = "";

    @Option(
            names = "--batch",
            paramLabel = "N",
            split = ",",
            description = "Networks per step; several for a curve. Default: that of WHAT and the configuration.")
    private List<Integer> batches = List.of();

    @Option(
            names = "--hidden",
            paramLabel = "WIDTH",
            split = ",",
            description = "Width of every hidden layer; several for a curve. Default: the configuration's widths.")
    private List<Integer> widths = List.of();

    @Option(names = "--steps", description = "Counted steps. Default: that of WHAT.")
    private Integer steps;

    @Option(
            names = "--warm-up",
            description = "Steps before. Default: that of WHAT, and a second at least; kafka: by steps alone.")
    private Integer warmUp;

    @Option(names = "--json", description = "JSON instead of a table: an object, for a curve one on each line.")
    private boolean json;

    /** What can be timed, for the help. */
    private static final class Kinds implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Stream.concat(BenchKind.labels().stream(), Stream.of(KafkaBench.LABEL))
                    .iterator();
        }
    }

    @Override
    public Integer call() throws IOException {
        try {
            if (what.equals(KafkaBench.LABEL)) {
                return kafka();
            }
            BenchKind kind = BenchKind.of(what);
            int before = atLeast(0, "--warm-up", warmUp, kind.warmUp());
            int counted = atLeast(1, "--steps", steps, kind.steps());
            Duration settling = warmUp == null ? BenchKind.SETTLING : Duration.ZERO;
            List<BenchConfig> sizes = sizes(kind);
            boolean curve = Math.max(sizes.size(), batches.size()) > 1;
            BenchPrinter printer = new BenchPrinter(command.commandLine().getOut(), json, curve);
            for (BenchConfig size : sizes) {
                for (int networks : batches.isEmpty() ? List.of(kind.batch(size)) : batches) {
                    atLeast(1, "--batch", networks, 1);
                    printer.print(
                            kind.run(size, networks, before, settling, counted).figures());
                }
            }
            return ExitCode.OK;
        } catch (IllegalArgumentException e) {
            throw UserError.usage(String.valueOf(e.getMessage()), e);
        }
    }

    private int kafka() throws IOException {
        int before = atLeast(0, "--warm-up", warmUp, KafkaBench.WARM_UP);
        int counted = atLeast(1, "--steps", steps, KafkaBench.STEPS);
        BenchPrinter printer = new BenchPrinter(command.commandLine().getOut(), json, false);
        KafkaSettings settings = AppSettings.load(Optional.empty()).kafka();
        for (Map<String, Object> figures : new KafkaBench(settings, before, counted).run()) {
            printer.print(figures);
        }
        return ExitCode.OK;
    }

    private List<BenchConfig> sizes(BenchKind kind) {
        BenchConfig written = load(kind, overrides);
        int depth = written.architecture().hidden().size();
        return widths.isEmpty()
                ? List.of(written)
                : widths.stream()
                        .map(width -> load(kind, with("network.hidden=" + Collections.nCopies(depth, width))))
                        .toList();
    }

    private BenchConfig load(BenchKind kind, List<String> above) {
        return BenchConfig.named(config, kind, above)
                .orElseGet(() -> BenchConfig.of(config, ExperimentFile.load(Path.of(config), above)));
    }

    private List<String> with(String override) {
        return Stream.concat(overrides.stream(), Stream.of(override)).toList();
    }

    private static int atLeast(int least, String option, Integer given, int otherwise) {
        int value = given == null ? otherwise : given;
        if (value < least) {
            throw new IllegalArgumentException(
                    "%s (%d) is below %d. Maybe leave it out?".formatted(option, value, least));
        }
        return value;
    }
}
