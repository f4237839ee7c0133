package dev.zooflow.app;

import dev.zooflow.blob.BlobStores;
import dev.zooflow.experiment.UserError;
import dev.zooflow.message.BlobStore;
import dev.zooflow.tensor.Torch;
import java.io.PrintWriter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code zooflow worker}: some roles of the fleet in this process. */
@Command(
        name = "worker",
        description = "Works for the runs on a Kafka cluster until Ctrl-C: takes tasks, publishes results.")
final class WorkerCommand implements Callable<Integer> {

    @Spec
    private CommandSpec command;

    @Mixin
    private SharedOptions shared;

    @Mixin
    private DataDirOption data;

    @Option(
            names = "--roles",
            paramLabel = "ROLE",
            split = ",",
            description = "What it does (default: all): coordinator, zoo-producer, trainer, sampler, evaluator.")
    private Set<String> roles = new LinkedHashSet<>(RoleConverter.everything());

    @Mixin
    private BlobsOption blobs;

    @Option(
            names = "--devices",
            paramLabel = "DEVICE",
            split = ",",
            description = "On which it trains and generates, one task of each role at a time on each: cpu, cuda:0,"
                    + " cuda:1, ... (default: worker.devices of the settings).")
    private List<String> devices = List.of();

    @Override
    public Integer call() {
        AppSettings settings = shared.settings().withDevices(devices);
        if (settings.kafka().bootstrapServers().isEmpty()) {
            throw UserError.usage("bootstrap-servers () is empty, but a worker needs brokers to work for. Maybe"
                    + " --bootstrap-servers localhost:9092, with `zooflow broker` running?");
        }
        Crew.Duties duties = RoleConverter.duties(roles);
        BlobStore store = blobs.store(settings.blobs(), BlobsOption.HERE);
        BlobStores.require(store);
        Torch.useThreads(settings.threads());
        try (Interruption interruption = Interruption.watch(() -> "interrupted: stopping ...");
                Brokers brokers = joined(settings, store);
                Wires wires = Wires.connect(brokers.settings(), store);
                Monitor monitor = Monitor.start(settings, brokers.settings());
                Crew crew =
                        Crew.start(monitor.over(wires, duties.roles(), settings), duties, data.directory(), settings)) {
            monitor.require("an actor", crew.failure());
            PrintWriter out = command.commandLine().getOut();
            String names = String.join(", ", roles);
            out.printf(
                    "working as %s for %s; Ctrl-C stops it%n",
                    names, settings.kafka().bootstrapServers());
            out.flush();
            throw failure(crew, interruption);
        }
    }

    private static Brokers joined(AppSettings settings, BlobStore store) {
        Brokers brokers = Brokers.join(settings.kafka());
        brokers.claim(store);
        return brokers;
    }

    /** Waits for the end, which is never a good one: an interruption or a failure. */
    private static RuntimeException failure(Crew crew, Interruption interruption) {
        try {
            CompletableFuture.anyOf(crew.failure(), interruption.requested()).join();
            return new Interruption.InterruptedRunException();
        } catch (CompletionException e) {
            if (e.getCause() instanceof UserError error) {
                return error;
            }
            return UserError.infrastructure(
                    "a worker gave up: %s. Maybe the brokers are gone?".formatted(e.getCause()), e);
        }
    }
}
