package dev.zooflow.app;

import dev.zooflow.experiment.UserError;
import dev.zooflow.kafka.EmbeddedBroker;
import dev.zooflow.kafka.KafkaSettings;
import dev.zooflow.kafka.Topics;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code zooflow broker}: the embedded broker alone, for others to join. */
@Command(
        name = "broker",
        description = {
            "Runs the embedded Kafka broker on this machine until Ctrl-C, for `run` and `worker` to join.",
            "It neither encrypts nor asks who its clients are: beyond a network you trust, run a Kafka of your own."
        })
final class BrokerCommand implements Callable<Integer> {

    @Spec
    private CommandSpec command;

    @Mixin
    private ConfigOption config;

    @Option(names = "--dir", required = true, paramLabel = "DIR", description = "Where the broker keeps its data.")
    private Path directory;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "The address of this machine by which workers reach it (default: ${DEFAULT-VALUE}).")
    private String host = "";

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "9092",
            description = "Where it listens (default: ${DEFAULT-VALUE}).")
    private int port;

    @Override
    public Integer call() {
        AppSettings settings = config.settings();
        try (Interruption interruption = Interruption.watch(() -> "interrupted: stopping ...");
                EmbeddedBroker broker = EmbeddedBroker.start(directory, host, port)) {
            KafkaSettings kafka = settings.kafka().withBootstrapServers(broker.bootstrapServers());
            Topics.create(kafka);
            try (Monitor monitor = Monitor.start(settings, kafka)) {
                monitor.require("the broker", broker.failure().toCompletableFuture());
                PrintWriter out = command.commandLine().getOut();
                if (broker.isOpenToOthers()) {
                    command.commandLine()
                            .getErr()
                            .printf(
                                    "warning: whoever reaches %s may read and write everything: plaintext, no authentication; run your own Kafka for more%n",
                                    broker.bootstrapServers());
                }
                out.printf("broker at %s, data in %s; Ctrl-C stops it%n", broker.bootstrapServers(), directory);
                out.flush();
                throw failure(broker, interruption);
            }
        }
    }

    /** Waits for the end, which is never a good one: an interruption or a failure. */
    private static RuntimeException failure(EmbeddedBroker broker, Interruption interruption) {
        CompletableFuture<UserError> failed = broker.failure().toCompletableFuture();
        CompletableFuture.anyOf(failed, interruption.requested()).join();
        return interruption.requested().isDone() ? new Interruption.InterruptedRunException() : failed.join();
    }
}
