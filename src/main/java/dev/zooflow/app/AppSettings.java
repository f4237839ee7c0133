package dev.zooflow.app;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import dev.zooflow.actor.Vitals;
import dev.zooflow.bench.ResidentMemory;
import dev.zooflow.blob.BlobSettings;
import dev.zooflow.experiment.KnownKeys;
import dev.zooflow.experiment.UserError;
import dev.zooflow.health.HealthSettings;
import dev.zooflow.kafka.KafkaSettings;
import dev.zooflow.mlflow.MlflowSettings;
import dev.zooflow.notify.NotifySettings;
import dev.zooflow.tensor.ComputeDevice;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Settings of a process: all of {@code reference.conf} but the experiment, and a file above it.
 *
 * @param threads over which a training step spreads its networks, at least 1
 * @param devices on which workers compute, at least one
 * @param vitals how workers show that they live
 * @param health where the process tells of itself
 * @param notices who is told of what
 * @param mlflow which tracking server is told
 * @param kafka how to reach the brokers
 * @param blobs what is kept of large payloads, and how object storage is reached
 */
record AppSettings(
        int threads,
        List<ComputeDevice> devices,
        Vitals vitals,
        HealthSettings health,
        NotifySettings notices,
        MlflowSettings mlflow,
        KafkaSettings kafka,
        BlobSettings blobs) {

    private static final String ROOT = "zooflow";
    private static final int MOST_THREADS = 1024;

    /**
     * Reads the settings.
     *
     * @param file with a block {@code zooflow { … }} that says what differs from the defaults
     * @throws UserError when the file is missing or says what can't be done
     */
    static AppSettings load(Optional<Path> file) {
        Config defaults = ConfigFactory.parseResources(AppSettings.class.getClassLoader(), "reference.conf")
                .withOnlyPath(ROOT)
                .resolve();
        Config written = file.map(AppSettings::read).orElseGet(ConfigFactory::empty);
        try {
            checkKeys(written, defaults);
            return create(written.withFallback(defaults).getConfig(ROOT));
        } catch (ConfigException e) {
            throw UserError.usage("settings: " + e.getMessage(), e);
        }
    }

    private static Config read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw UserError.usage("settings file (%s) does not exist. Maybe conf/worker.conf?".formatted(file));
        }
        try {
            return ConfigFactory.parseFile(
                            file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false))
                    .resolve();
        } catch (ConfigException e) {
            throw UserError.usage("settings file (%s): %s".formatted(file, e.getMessage()), e);
        }
    }

    /** Settings of Kafka's clients are Kafka's business; every other key has a default. */
    private static void checkKeys(Config written, Config defaults) {
        String clients = ROOT + ".kafka.client";
        ConfigObject known = defaults.withoutPath(ROOT + ".experiment").root();
        new KnownKeys(known).check(written.withoutPath(clients).root());
    }

    private static AppSettings create(Config zooflow) {
        int threads = zooflow.getInt("worker.threads");
        if (threads < 0 || threads > MOST_THREADS) {
            throw UserError.usage("worker.threads (%d) is outside [0, %d]. Maybe 0, for one per processor?"
                    .formatted(threads, MOST_THREADS));
        }
        int processors = Runtime.getRuntime().availableProcessors();
        return new AppSettings(
                threads == 0 ? processors : threads,
                devices(zooflow.getStringList("worker.devices")),
                vitals(zooflow.getConfig("worker")),
                HealthSettings.create(zooflow.getConfig("health")),
                NotifySettings.create(zooflow.getConfig("notify")),
                MlflowSettings.create(zooflow.getConfig("mlflow")),
                KafkaSettings.create(zooflow),
                BlobSettings.create(zooflow.getConfig("blobs")));
    }

    private static List<ComputeDevice> devices(List<String> names) {
        List<ComputeDevice> devices = names.stream().map(AppSettings::device).toList();
        if (devices.isEmpty() || devices.stream().distinct().count() < devices.size()) {
            throw UserError.usage("worker.devices (%s) needs different devices, at least one. Maybe cpu?"
                    .formatted(String.join(", ", names)));
        }
        return devices;
    }

    private static ComputeDevice device(String name) {
        ComputeDevice device;
        try {
            device = new ComputeDevice(name);
        } catch (IllegalArgumentException e) {
            throw UserError.usage("worker.devices: " + e.getMessage(), e);
        }
        if (!device.isPresent()) {
            throw UserError.usage(
                    "worker.devices (%s): libtorch finds no such GPU here. Maybe cpu, or a build with -Dnatives=cuda?"
                            .formatted(name));
        }
        return device;
    }

    /** The same on other devices, if any are given. */
    AppSettings withDevices(List<String> names) {
        return names.isEmpty()
                ? this
                : new AppSettings(threads, devices(names), vitals, health, notices, mlflow, kafka, blobs);
    }

    private static Vitals vitals(Config worker) {
        Duration heartbeat = worker.getDuration("heartbeat");
        if (heartbeat.compareTo(Duration.ofMillis(100)) < 0 || heartbeat.compareTo(Duration.ofHours(1)) > 0) {
            throw UserError.usage("worker.heartbeat (%s) is outside [100 ms, 1 h]. Maybe 5 s?".formatted(heartbeat));
        }
        int stuckAfter = worker.getInt("stuck-after");
        Duration expected = worker.getDuration("progress-expected");
        if (stuckAfter < 1 || expected.isZero() || expected.isNegative()) {
            throw UserError.usage(
                    "worker.stuck-after (%d) times worker.progress-expected (%s) is no time. Maybe 10 and 30 s?"
                            .formatted(stuckAfter, expected));
        }
        return new Vitals(heartbeat, stuckAfter, expected, ResidentMemory::currentMib);
    }

    /** The same with other brokers, if any are given. */
    AppSettings withBootstrapServers(Optional<String> servers) {
        return servers.map(s -> new AppSettings(
                        threads, devices, vitals, health, notices, mlflow, kafka.withBootstrapServers(s), blobs))
                .orElse(this);
    }
}
