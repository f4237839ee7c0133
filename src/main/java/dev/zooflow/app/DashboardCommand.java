package dev.zooflow.app;

import dev.zooflow.experiment.UserError;
import dev.zooflow.kafka.KafkaSettings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code zooflow dashboard}: all runs in a browser. */
@Command(
        name = "dashboard",
        description = {
            "Serves a live page of the runs, trials and workers on a Kafka cluster until Ctrl-C;",
            "of a run's directory, which nobody works in, the same page of that run; of a directory of runs that of all."
        })
final class DashboardCommand implements Callable<Integer> {

    /** Where a dashboard listens unless it is told. */
    static final int PORT = 9405;

    static final String LOOPBACK = "127.0.0.1";

    @Spec
    private CommandSpec command;

    @Mixin
    private SharedOptions shared;

    @Mixin
    private BlobsOption blobs;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "DIR",
            description = "The directory of a run, runs/<run>, or of all of them, runs, instead of a cluster.")
    private @Nullable Path directory;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "" + PORT,
            description = "Where it listens (default: ${DEFAULT-VALUE}); 0 for any that is free.")
    private int port;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = LOOPBACK,
            description =
                    "The interface (default: ${DEFAULT-VALUE}); 0.0.0.0 for all, where everybody who can reach it may"
                            + " read.")
    private String host;

    @Override
    public Integer call() {
        AppSettings settings = shared.settings();
        try (Interruption interruption = Interruption.watch(() -> "interrupted: stopping ...")) {
            List<Path> stored =
                    directory == null || RunDirectory.holdsLog(directory) ? List.of() : StoredBoard.runs(directory);
            if (!stored.isEmpty()) {
                alone(settings.kafka());
                try (StoredBoard board = StoredBoard.start(
                        host,
                        checked("port", port),
                        stored,
                        settings.kafka(),
                        run -> blobs.store(settings.blobs(), RunDirectory.blobs(run)))) {
                    return serve(board.address(), interruption);
                }
            }
            try (Brokers brokers = brokers(settings.kafka());
                    Wires wires = Wires.connect(brokers.settings(), blobs.store(settings.blobs(), blobs()));
                    LiveBoard board = LiveBoard.start(host, checked("port", port), brokers.settings(), wires.log())) {
                return serve(board.address(), interruption);
            }
        }
    }

    private int serve(String address, Interruption interruption) {
        PrintWriter out = command.commandLine().getOut();
        out.printf("dashboard at %s; Ctrl-C stops it%n", address);
        out.flush();
        interruption.requested().join();
        throw new Interruption.InterruptedRunException();
    }

    private Brokers brokers(KafkaSettings kafka) {
        if (directory == null) {
            if (!kafka.bootstrapServers().isEmpty()) {
                return Brokers.visit(kafka);
            }
            throw UserError.usage(
                    "bootstrap-servers () is empty. Maybe --bootstrap-servers localhost:9092, or a run's directory?");
        }
        alone(kafka);
        if (!RunDirectory.holdsLog(directory)) {
            throw UserError.usage(
                    "run (%s) is no directory of a run with an event log, or of such runs. Maybe runs/<run>?"
                            .formatted(directory));
        }
        return Brokers.open(kafka, RunDirectory.broker(directory));
    }

    /** Refuses a directory beside a cluster. */
    private void alone(KafkaSettings kafka) {
        if (!kafka.bootstrapServers().isEmpty()) {
            throw UserError.usage("run (%s) is a directory beside bootstrap-servers (%s). Maybe only one of them?"
                    .formatted(directory, kafka.bootstrapServers()));
        }
    }

    private Path blobs() {
        return directory == null ? BlobsOption.HERE : RunDirectory.blobs(directory);
    }

    /** A port that there may be. */
    static int checked(String option, int port) {
        if (port < 0 || port > 65_535) {
            throw UserError.usage("%s (%d) is outside [0, 65535]. Maybe %d?".formatted(option, port, PORT));
        }
        return port;
    }
}
