package dev.zooflow.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.zooflow.experiment.RunId;
import dev.zooflow.experiment.UserError;
import dev.zooflow.kafka.KafkaSettings;
import dev.zooflow.message.BlobStore;
import dev.zooflow.message.Event;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What commands share that talk to a fleet through its brokers. */
abstract class AbstractFleetCommand implements Callable<Integer> {

    private static final int PUBLISH_SECONDS = 60;

    @Spec
    private CommandSpec command;

    @Mixin
    private SharedOptions shared;

    @Mixin
    private BlobsOption blobs;

    @Option(names = "--json", description = "JSON for scripts instead of text for people.")
    private boolean json;

    @Override
    public Integer call() {
        KafkaSettings settings = kafka();
        BlobStore store = store(BlobsOption.HERE);
        try (Brokers brokers = Brokers.visit(settings)) {
            return perform(brokers, store);
        }
    }

    /** Whether the command also works on the directory of a run. */
    boolean takesDirectory() {
        return false;
    }

    /** Whether a run is meant by its directory: no brokers are named, and there is an event log in it. */
    boolean isDirectory(String run) {
        return settings().kafka().bootstrapServers().isEmpty() && RunDirectory.holdsLog(Path.of(run));
    }

    /** Does it with the event log in the directory of a run, in which nobody works. */
    int performIn(Path directory) {
        BlobStore store = store(RunDirectory.blobs(directory));
        try (Brokers brokers = Brokers.open(settings().kafka(), RunDirectory.broker(directory))) {
            return perform(brokers, store);
        }
    }

    private int perform(Brokers brokers, BlobStore store) {
        try (Wires wires = Wires.connect(brokers.settings(), store)) {
            int code = perform(wires);
            out().flush();
            return code;
        }
    }

    /** Does what the command is for; returns the exit code. */
    abstract int perform(Wires wires);

    /** The brokers' settings. */
    KafkaSettings kafka() {
        KafkaSettings settings = settings().kafka();
        if (settings.bootstrapServers().isEmpty()) {
            throw UserError.usage(
                    "bootstrap-servers () is empty, but `%s` asks a fleet. Maybe --bootstrap-servers localhost:9092%s?"
                            .formatted(command.name(), takesDirectory() ? ", or a run's directory, runs/<run>" : ""));
        }
        return settings;
    }

    /** Where large payloads lie: where the option says, else in this directory. */
    BlobStore store(Path otherwise) {
        return blobs.store(settings().blobs(), otherwise);
    }

    AppSettings settings() {
        return shared.settings();
    }

    PrintWriter out() {
        return command.commandLine().getOut();
    }

    boolean json() {
        return json;
    }

    /** One line of JSON, or of text. */
    void say(Map<String, ?> object, String text) {
        out().println(json ? write(object) : printable(text));
    }

    /** A text that others wrote, with everything that could move a terminal's cursor left out. */
    static String printable(String text) {
        return text.replaceAll("[\\p{Cc}&&[^\\n\\t]]", "·");
    }

    static String write(Object value) {
        try {
            return JsonMapper.builder().build().writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    static RunId run(String name) {
        try {
            return new RunId(name);
        } catch (IllegalArgumentException e) {
            throw UserError.usage(String.valueOf(e.getMessage()), e);
        }
    }

    /** Publishes and waits until the brokers hold it. */
    static void publish(Wires wires, Event event) {
        try {
            wires.log()
                    .publish(event)
                    .toCompletableFuture()
                    .orTimeout(PUBLISH_SECONDS, TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException e) {
            throw UserError.infrastructure(
                    "%s of run (%s) can't be published: %s. Maybe the brokers are down?"
                            .formatted(event.id(), event.run(), e.getCause()),
                    e);
        }
    }
}
