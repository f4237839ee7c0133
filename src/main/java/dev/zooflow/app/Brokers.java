package dev.zooflow.app;

import dev.zooflow.blob.BlobStores;
import dev.zooflow.blob.StoreOwner;
import dev.zooflow.experiment.UserError;
import dev.zooflow.kafka.Cluster;
import dev.zooflow.kafka.EmbeddedBroker;
import dev.zooflow.kafka.KafkaSettings;
import dev.zooflow.kafka.Topics;
import dev.zooflow.message.BlobStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The brokers that a command works with, prepared: those the settings name, or an embedded one that is closed with it. */
final class Brokers implements AutoCloseable {

    private final KafkaSettings settings;
    private final Optional<EmbeddedBroker> embedded;

    private Brokers(KafkaSettings settings, Optional<EmbeddedBroker> embedded) {
        this.settings = settings;
        this.embedded = embedded;
    }

    /**
     * Reaches or starts the brokers and makes missing topics.
     *
     * @param directory of the embedded broker
     * @throws UserError of infrastructure when they can't be reached or started
     */
    static Brokers open(KafkaSettings settings, Path directory) {
        return settings.bootstrapServers().isEmpty() ? embed(settings, directory) : join(settings);
    }

    /**
     * Reaches the brokers that the settings name, for a worker: makes missing topics and has the groups of workers as its
     * settings say.
     *
     * @throws UserError of infrastructure when they can't be reached
     */
    static Brokers join(KafkaSettings settings) {
        Topics.prepare(settings);
        return new Brokers(settings, Optional.empty());
    }

    /**
     * Reaches them for somebody who does no work and leaves it to workers how theirs is divided.
     *
     * @throws UserError as {@link #join}
     */
    static Brokers visit(KafkaSettings settings) {
        Topics.create(settings);
        return new Brokers(settings, Optional.empty());
    }

    private static Brokers embed(KafkaSettings settings, Path directory) {
        EmbeddedBroker broker = EmbeddedBroker.start(directory);
        KafkaSettings local = settings.withBootstrapServers(broker.bootstrapServers());
        try {
            Topics.prepare(local);
            Topics.keepAll(local);
        } catch (UserError e) {
            broker.close();
            throw e;
        }
        return new Brokers(local, Optional.of(broker));
    }

    /** How to reach them. */
    KafkaSettings settings() {
        return settings;
    }

    /** Whose blobs go with the topics of these brokers. */
    static StoreOwner owner(KafkaSettings settings) {
        try (Cluster cluster = new Cluster(settings)) {
            return new StoreOwner(cluster.logName());
        }
    }

    /**
     * Makes a store that processes share that of these brokers; one of a run with embedded brokers is its own anyway.
     *
     * @throws UserError when it is that of others, or holds nothing although something was put there
     */
    void claim(BlobStore store) {
        if (!isEmbedded()) {
            StoreOwner owner = owner(settings);
            if (!owner.owns(store) && holdsNothing(store) && knowsBlobs()) {
                throw UserError.infrastructure(
                        "blobs (%s) hold nothing, but the log knows of models there. Maybe it is not mounted? Another store is taken once any file lies in it"
                                .formatted(store));
            }
            owner.claim(store);
        }
    }

    private static boolean holdsNothing(BlobStore store) {
        try {
            return store.holdsNothing();
        } catch (IOException e) {
            throw BlobStores.unusable(e);
        }
    }

    private boolean knowsBlobs() {
        try (Cluster cluster = new Cluster(settings)) {
            return cluster.holdsCheckpoints();
        }
    }

    /** Whether they are in this process. */
    boolean isEmbedded() {
        return embedded.isPresent();
    }

    /** Completes with the reason when the embedded broker gives up. */
    CompletionStage<UserError> failure() {
        return embedded.map(EmbeddedBroker::failure).orElseGet(CompletableFuture::new);
    }

    @Override
    public void close() {
        embedded.ifPresent(EmbeddedBroker::close);
    }
}
