package dev.zooflow.app;

import dev.zooflow.experiment.UserError;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code zooflow dashboard}: all runs in a browser. */
@Command(
        name = "dashboard",
        description = "Serves a live page of the runs, trials and workers on a Kafka cluster until Ctrl-C.")
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
        if (settings.kafka().bootstrapServers().isEmpty()) {
            throw UserError.usage("bootstrap-servers () is empty. Maybe --bootstrap-servers localhost:9092?");
        }
        try (Interruption interruption = Interruption.watch(() -> "interrupted: stopping ...");
                Brokers brokers = Brokers.join(settings.kafka());
                Wires wires = Wires.connect(brokers.settings(), blobs.store(settings.blobs(), BlobsOption.HERE));
                LiveBoard board = LiveBoard.start(host, checked("port", port), brokers.settings(), wires.log())) {
            PrintWriter out = command.commandLine().getOut();
            out.printf("dashboard at %s; Ctrl-C stops it%n", board.address());
            out.flush();
            interruption.requested().join();
            throw new Interruption.InterruptedRunException();
        }
    }

    /** A port that there may be. */
    static int checked(String option, int port) {
        if (port < 0 || port > 65_535) {
            throw UserError.usage("%s (%d) is outside [0, 65535]. Maybe %d?".formatted(option, port, PORT));
        }
        return port;
    }
}
