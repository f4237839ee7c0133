package dev.zooflow.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.RunId;
import dev.zooflow.kafka.KafkaEventLog;
import dev.zooflow.kafka.KafkaSettings;
import dev.zooflow.message.Envelope;
import dev.zooflow.message.Event;
import dev.zooflow.message.FileBlobStore;
import dev.zooflow.message.RunEvent;
import dev.zooflow.message.Topic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A broker, coordinators and workers, each a process of its own with a small heap, on one machine. They are started as the
 * command line starts them, from the class path of the tests.
 */
public final class Fleet implements AutoCloseable {

    /** All roles of workers. */
    public static final String WORK = "zoo-producer,trainer,sampler,evaluator";

    /** How long anything may take on a machine that has other things to do. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final Logger LOG = LoggerFactory.getLogger(Fleet.class);
    private static final String MAIN = "dev.zooflow.app.Main";

    private final Path dir;
    private final Path settings;
    private final int port;
    private final List<Member> members = new CopyOnWriteArrayList<>();
    private final Member broker;
    private final Thread supervisor = new Thread(this::supervise, "supervisor");
    private volatile boolean closed;

    private Fleet(Path dir, String settings, Path kafka) throws IOException {
        this.dir = dir;
        this.settings = Files.writeString(dir.resolve("settings.conf"), settings);
        this.port = freePort();
        this.broker = broker(kafka, port);
        supervisor.setDaemon(true);
        supervisor.start();
    }

    private void supervise() {
        while (!closed) {
            members.forEach(Member::supervise);
            sleep(Duration.ofMillis(200));
        }
    }

    /**
     * Starts the broker.
     *
     * @param dir where all data lie
     * @param settings of all processes: a block {@code zooflow { … }}
     */
    public static Fleet start(Path dir, String settings) throws IOException {
        return start(dir, settings, dir);
    }

    /** Starts the broker in another directory. */
    static Fleet start(Path dir, String settings, Path brokerDir) throws IOException {
        Fleet fleet = new Fleet(dir, settings, brokerDir.resolve("kafka"));
        try {
            fleet.broker.awaitOutput("broker at " + fleet.servers());
            return fleet;
        } catch (AssertionError e) {
            fleet.close();
            throw e;
        }
    }

    /**
     * A port of this machine that nothing listens on, below those that the system gives to clients: none of them can have it
     * while a broker is away.
     */
    public static int freePort() throws IOException {
        for (int port : ThreadLocalRandom.current().ints(100, 15_000, 32_000).toArray()) {
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException e) {
                LOG.trace("port {} is taken", port, e);
            }
        }
        throw new IOException("none of 100 ports is free");
    }

    /** Starts a broker of its own directory, as {@link #broker()} is one. */
    public Member broker(Path directory, int port) {
        return process("broker", "--dir", directory.toString(), "--port", Integer.toString(port));
    }

    /** Starts a worker of these roles; returns when it works. */
    public Member worker(String roles) {
        return startWorker(roles).awaitOutput("working as");
    }

    /** Starts a worker of these roles that has settings of its own; returns when it works. */
    public Member worker(String roles, String ownSettings) throws IOException {
        Path own = Files.writeString(dir.resolve("settings-%d.conf".formatted(members.size())), ownSettings);
        return process(List.of(), MAIN, own, workerArguments(roles)).awaitOutput("working as");
    }

    /** Starts a worker of these roles that is kept up. */
    Member keepWorker(String roles) {
        return startWorker(roles).keepUp();
    }

    /** Starts a worker of these roles. */
    public Member startWorker(String roles) {
        return process(workerArguments(roles));
    }

    private String[] workerArguments(String roles) {
        return new String[] {"worker", "--roles", roles, "--bootstrap-servers", servers(), "--blobs", blobs().toString()
        };
    }

    /** Starts a process of these arguments and the settings of the fleet. */
    public Member process(String... arguments) {
        return process(List.of(), MAIN, arguments);
    }

    /** Starts a process of another program. */
    Member process(List<String> before, String main, String... arguments) {
        return process(before, main, settings, arguments);
    }

    private Member process(List<String> before, String main, Path config, String... arguments) {
        List<String> command = new ArrayList<>(before);
        command.add(ProcessHandle.current().info().command().orElseThrow());
        // Short lives: what would be compiled well is over before.
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx384m"));
        command.add("-Dlogback.configurationFile=" + Path.of("conf/logback.xml").toAbsolutePath());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--config", config.toString()));
        Member member = new Member(command, dir.resolve("%s-%d.log".formatted(arguments[0], members.size())));
        members.add(member);
        return member;
    }

    /** The broker that all others talk to. */
    public Member broker() {
        return broker;
    }

    /** Starts the broker that was killed; returns when it answers. */
    public void restartBroker() {
        broker.start();
        broker.awaitOutput("broker at " + servers());
    }

    /** Host and port of the broker. */
    public String servers() {
        return "127.0.0.1:" + port;
    }

    int port() {
        return port;
    }

    /** Where large payloads lie. */
    public Path blobs() {
        return dir.resolve("blobs");
    }

    /** The settings of all processes. */
    public Path settings() {
        return settings;
    }

    /** How this process talks to the broker. */
    public KafkaSettings kafka() {
        return KafkaSettings.create(ConfigFactory.parseFile(settings.toFile())
                        .withFallback(ConfigFactory.parseResources("reference.conf"))
                        .resolve()
                        .getConfig("zooflow"))
                .withBootstrapServers(servers());
    }

    /** Leaves an experiment to the fleet, as the command does. */
    public void submit(String run, String experiment) {
        RunId id = new RunId(run);
        String text = ExperimentFile.render(ExperimentFile.parse(experiment));
        List<Event> events = List.of(new RunEvent.RunSubmitted(id, text, Map.of()), new RunEvent.RunOffered(id));
        try (KafkaEventLog log = new KafkaEventLog(kafka(), new FileBlobStore(blobs()))) {
            events.forEach(event -> log.publish(event).toCompletableFuture().join());
        }
    }

    /** Everything that stands on a topic, as it travels. */
    public List<Envelope> envelopes(Topic topic) {
        List<Envelope> found = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = Evidence.consumer(kafka())) {
            Evidence.readAll(consumer, topic.name(kafka().prefix()), record -> found.add(Evidence.envelope(record)));
        }
        return found;
    }

    /** What the topics say of a run now. */
    public Evidence evidence(String run) {
        return Evidence.read(kafka(), blobs(), new RunId(run));
    }

    /** What the program says of a run that is over, whose records stand under this prefix. */
    Report report(String run, String prefix) throws IOException {
        String own = "%s%nzooflow.kafka.prefix = %s".formatted(Files.readString(settings), prefix);
        Path config = Files.writeString(dir.resolve(prefix + ".conf"), own);
        Path reports = dir.resolve("reports").resolve(prefix);
        ask(config, "report", run, "--runs-dir", reports.toString());
        return Report.read(
                reports.resolve(run),
                ask(config, "status", run, "--json")
                        .lines()
                        .filter(line -> line.startsWith("{"))
                        .findFirst()
                        .orElseThrow());
    }

    /** What a command of good end prints. */
    private String ask(Path config, String... arguments) {
        List<String> line = new ArrayList<>(List.of(arguments));
        line.addAll(List.of("--bootstrap-servers", servers(), "--blobs", blobs().toString()));
        Member command = process(List.of(), MAIN, config, line.toArray(String[]::new));
        assertThat(command.awaitEnd(PATIENCE)).as(command.output()).isZero();
        return command.output();
    }

    /** How this process talks to the broker of records under another prefix. */
    KafkaSettings kafka(String prefix) {
        KafkaSettings own = kafka();
        return new KafkaSettings(
                own.bootstrapServers(),
                prefix,
                own.lockDuration(),
                own.inlineLimit(),
                own.claimLimit(),
                own.maxAttempts(),
                own.client());
    }

    /** A look at a run as it goes on. */
    public Progress progress(String run) {
        return new Progress(kafka(), blobs(), new RunId(run));
    }

    /** Waits until a condition holds. */
    public static void await(String what, BooleanSupplier condition) {
        await(what, PATIENCE, condition);
    }

    /** Waits so long at most until a condition holds. */
    public static void await(String what, Duration most, BooleanSupplier condition) {
        long end = System.nanoTime() + most.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited for %s in vain", what).isLessThan(end);
            sleep(Duration.ofMillis(100));
        }
    }

    /** Waits so long. */
    public static void sleep(Duration time) {
        try {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** What all processes have printed, for the message of a failure. */
    public String output() {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> logs = Files.list(dir)) {
            for (Path log :
                    logs.filter(p -> p.toString().endsWith(".log")).sorted().toList()) {
                all.append("== ").append(log.getFileName()).append('\n').append(Files.readString(log));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all.toString();
    }

    /** Kills all processes. */
    @Override
    public void close() {
        closed = true;
        members.forEach(Member::remove);
    }
}
