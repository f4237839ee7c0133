package dev.zooflow.kafka;

import dev.zooflow.experiment.UserError;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * A Kafka broker with its controller in this process, on the loopback interface unless another address is named, with its
 * data in a directory that the next start takes up again, also on another address. It answers requests as soon as
 * {@link #start} returns, and asks nobody who they are.
 *
 * <p>When the broker gives up by itself, as it does when its disk is full, the process goes on and {@link #failure()}
 * completes.
 */
public final class EmbeddedBroker implements AutoCloseable {

    private static final int START_SECONDS = 60;
    private static final int STOP_SECONDS = 30;
    private static final int STOP_SECONDS_AFTER_FAILURE = 3;

    private final BrokerDirectory directory;
    private final ListenAddress address;
    private final KafkaRaftServer server;
    private final CompletableFuture<UserError> failure = new CompletableFuture<>();
    private final Consumer<String> onExit = this::fail;

    private EmbeddedBroker(BrokerDirectory directory, ListenAddress address) throws Exception {
        this.directory = directory;
        this.address = address;
        format(directory);
        int controllerPort = Ports.freeExcept(address.port());
        server = new KafkaRaftServer(
                new KafkaConfig(BrokerProperties.of(directory.data(), address, controllerPort), false), Time.SYSTEM);
    }

    /**
     * Starts a broker on a free port of the loopback interface.
     *
     * @throws UserError as {@link #start(Path, String, int)}
     */
    public static EmbeddedBroker start(Path directory) {
        return start(directory, ListenAddress.LOOPBACK, Ports.freeExcept(0));
    }

    /**
     * Starts a broker on this address and port.
     *
     * @param host the name or address by which all clients reach this machine
     * @throws UserError when the host is no such address, the port is in use, the directory is in use or can't be written,
     *     or the start fails
     */
    public static EmbeddedBroker start(Path directory, String host, int port) {
        ListenAddress address = new ListenAddress(host, port);
        address.checkFree();
        BrokerDirectory locked = BrokerDirectory.lock(directory.toAbsolutePath());
        try {
            EmbeddedBroker broker = new EmbeddedBroker(locked, address);
            broker.startUp();
            return broker;
        } catch (UserError e) {
            locked.close();
            throw e;
        } catch (Exception e) {
            locked.close();
            throw failed(directory, e);
        }
    }

    private static void format(BrokerDirectory directory) throws Exception {
        new Formatter()
                .setClusterId(
                        directory.clusterId().orElseGet(() -> Uuid.randomUuid().toString()))
                .setNodeId(BrokerProperties.NODE_ID)
                .setControllerListenerName(BrokerProperties.CONTROLLER)
                .addDirectory(directory.data().toString())
                .setMetadataLogDirectory(directory.data().toString())
                .setIgnoreFormatted(true)
                // It would tell its progress on standard output.
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .run();
    }

    // On a thread of its own, because a broker that gives up during its start may never return from it.
    private void startUp() {
        BrokerExit.listen(onExit);
        CompletableFuture<Void> started = onThread("broker-start", server::startup);
        try {
            CompletableFuture.anyOf(started, failure.thenAccept(e -> {
                        throw e;
                    }))
                    .orTimeout(START_SECONDS, TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            stop();
            throw cause instanceof UserError u ? u : failed(directory, cause);
        }
    }

    private static UserError failed(Object directory, Throwable cause) {
        return UserError.infrastructure(
                "broker directory (%s): the broker did not start: %s. Maybe the disk is full, or the directory belongs to another version?"
                        .formatted(directory, root(cause)),
                cause);
    }

    private static Throwable root(Throwable e) {
        return e.getCause() == null ? e : root(e.getCause());
    }

    private void fail(String reason) {
        failure.complete(UserError.infrastructure(
                "broker directory (%s): the broker stopped: %s. Maybe the disk is full?".formatted(directory, reason)));
    }

    /** {@code host:port} for clients. */
    public String bootstrapServers() {
        return address.toString();
    }

    /** Whether other machines reach it. */
    public boolean isOpenToOthers() {
        return !address.isLoopback();
    }

    /** Completes with the reason when the broker gives up by itself; never completes otherwise. */
    public CompletionStage<UserError> failure() {
        return failure.minimalCompletionStage();
    }

    /** Stops the broker and waits for it; data stays in the directory. Closing again does nothing. */
    @Override
    public void close() {
        stop();
        directory.close();
    }

    // Bounded, because the shutdown of a broker whose log directories failed may wait for ever.
    private void stop() {
        CompletableFuture<Void> stopped = onThread("broker-stop", () -> {
            server.shutdown();
            server.awaitShutdown();
        });
        int seconds = failure.isDone() ? STOP_SECONDS_AFTER_FAILURE : STOP_SECONDS;
        stopped.completeOnTimeout(null, seconds, TimeUnit.SECONDS)
                .exceptionally(e -> null)
                .join();
        BrokerExit.forget(onExit);
    }

    private static CompletableFuture<Void> onThread(String name, Runnable work) {
        return CompletableFuture.runAsync(work, task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            thread.start();
        });
    }
}
