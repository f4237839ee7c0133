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
        description = "Runs the embedded Kafka broker on this machine until Ctrl-C, for `run` and `worker` to join.")
final class BrokerCommand implements Callable<Integer> {

    @Spec
    private CommandSpec command;

    @Mixin
    private ConfigOption config;

    @Option(names = "--dir", required = true, paramLabel = "DIR", description = "Where the broker keeps its data.")
    private Path directory;

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
                EmbeddedBroker broker = EmbeddedBroker.start(directory, port)) {
            KafkaSettings kafka = settings.kafka().withBootstrapServers(broker.bootstrapServers());
            Topics.prepare(kafka);
            try (Monitor monitor = Monitor.start(settings, kafka)) {
                monitor.require("the broker", broker.failure().toCompletableFuture());
                PrintWriter out = command.commandLine().getOut();
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
