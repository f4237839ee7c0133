package dev.zooflow.app;

import static dev.zooflow.app.DockerFiles.HOME;
import static dev.zooflow.app.DockerFiles.block;
import static dev.zooflow.app.DockerFiles.instruction;
import static dev.zooflow.app.DockerFiles.list;
import static dev.zooflow.app.DockerFiles.services;
import static org.assertj.core.api.Assertions.assertThat;

import dev.zooflow.fault.Fleet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The command lines of the image, word by word, as processes of the jar: with the image's directory of the program in the
 * place of this repository, and the variables that compose and the image set, but for brokers and port.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("beside")
class DockerIT {

    private static final Path JAR = Path.of(System.getProperty("zooflow.jar", "target/zooflow.jar"));

    @TempDir
    private static Path kafka;

    private static Fleet fleet;

    @TempDir
    private Path home;

    private final List<Process> processes = new ArrayList<>();
    private String healthPort = "";

    @BeforeAll
    static void broker() throws IOException {
        fleet = Fleet.start(kafka, "zooflow {}");
    }

    @AfterAll
    static void end() {
        fleet.close();
    }

    @BeforeEach
    void port() throws IOException {
        healthPort = Integer.toString(Fleet.freePort());
    }

    @AfterEach
    void kill() {
        processes.forEach(Process::destroyForcibly);
    }

    private static Stream<String> workers() throws IOException {
        return services("zooflow").entrySet().stream()
                .filter(service -> service.getValue().containsKey("command"))
                .map(Map.Entry::getKey);
    }

    private static String here(String word) {
        return word.equals(HOME + "zooflow.jar")
                ? JAR.toAbsolutePath().toString()
                : word.startsWith(HOME)
                        ? Path.of(word.substring(HOME.length()))
                                .toAbsolutePath()
                                .toString()
                        : word;
    }

    /** Starts a process in the home directory of the image's user; what it prints is in a file. */
    private Process start(Path log, Map<String, Object> environment, List<String> line) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        line.stream().map(DockerIT::here).toList())
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        // An empty one is one that compose was given none for.
        environment.forEach((name, value) ->
                builder.environment().put(name, value.toString().replaceFirst("^\\$\\{[A-Z_]+:-}$", "")));
        builder.environment().put("ZOOFLOW_BOOTSTRAP_SERVERS", fleet.servers());
        builder.environment().put("ZOOFLOW_HEALTH_PORT", healthPort);
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    private static String text(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void assertEnds(Process process, int code, Path log) throws InterruptedException {
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).as(text(log)).isTrue();
        assertThat(process.exitValue()).as(text(log)).isEqualTo(code);
    }

    @ParameterizedTest
    @MethodSource("workers")
    void aWorkerWorksIsInGoodHealthAndEndsWhenItIsTold(String service) throws Exception {
        Map<String, Object> compose = services("zooflow").get(service);
        List<String> line = new ArrayList<>(instruction("ENTRYPOINT"));
        line.addAll(list(compose.get("command")));
        Path log = home.resolve("worker.log");
        Process worker = start(log, block(compose.get("environment")), line);
        Fleet.await("a worker", Duration.ofMinutes(2), () -> text(log).contains("working as") || !worker.isAlive());
        assertThat(text(log)).contains("working as " + service);

        Path answer = home.resolve("health.log");
        assertEnds(start(answer, block(compose.get("environment")), instruction("HEALTHCHECK")), 0, answer);

        worker.destroy();
        assertEnds(worker, 143, log);
    }

    @Test
    void anExperimentIsSubmitted() throws Exception {
        Map<String, Object> submit = services("zooflow").get("submit");
        List<String> line = new ArrayList<>(list(submit.get("entrypoint")));
        line.add(HOME + "experiments/quickstart.conf");
        Path log = home.resolve("submit.log");
        assertEnds(start(log, block(submit.get("environment")), line), ExitCode.OK, log);
        assertThat(text(log)).contains("quickstart");
    }
}
