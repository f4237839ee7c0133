package dev.zooflow.app;

import static dev.zooflow.app.DockerFiles.DOCKER;
import static dev.zooflow.app.DockerFiles.HOME;
import static dev.zooflow.app.DockerFiles.block;
import static dev.zooflow.app.DockerFiles.instruction;
import static dev.zooflow.app.DockerFiles.list;
import static dev.zooflow.app.DockerFiles.services;
import static dev.zooflow.app.DockerFiles.yaml;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.Provenance;
import dev.zooflow.message.Role;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What docker/ starts are commands of this program, with settings that it and Kafka know. */
class DockerTest {

    private static final Path CONF = Path.of("conf/worker.conf");
    private static final List<String> JAR = List.of("-jar", HOME + "zooflow.jar");

    /** What follows the jar on a command line of the image, with paths of the repository. */
    private static List<String> arguments(List<String> line) {
        assertThat(line.get(0)).endsWith("java");
        int jar = line.indexOf("-jar");
        assertThat(line.subList(jar, jar + 2)).isEqualTo(JAR);
        return line.subList(jar + 2, line.size());
    }

    /** Fails unless the command line is one of this program. */
    private static CommandLine.ParseResult parse(List<String> arguments) {
        String[] here = arguments.stream()
                .map(a -> a.startsWith(HOME) ? a.substring(HOME.length()) : a)
                .toArray(String[]::new);
        PrintWriter nowhere = new PrintWriter(new StringWriter());
        return Cli.create(nowhere, nowhere).parseArgs(here);
    }

    private static String command(CommandLine.ParseResult parsed) {
        return parsed.subcommand().commandSpec().name();
    }

    @Test
    void theImageStartsTheProgramAndAsksItForItsHealth() throws IOException {
        List<String> start = new ArrayList<>(instruction("ENTRYPOINT"));
        assertThat(arguments(start)).isEmpty();
        start.addAll(instruction("CMD"));
        assertThat(parse(arguments(start)).isUsageHelpRequested()).isTrue();
        CommandLine.ParseResult health = parse(arguments(instruction("HEALTHCHECK")));
        assertThat(command(health)).isEqualTo("health");
        assertThat(health.subcommand().<Path>matchedOptionValue("--config", Path.of("")))
                .isEqualTo(CONF);
        String dockerfile = Files.readString(DOCKER.resolve("Dockerfile"));
        assertThat(dockerfile)
                .contains(
                        "ENV ZOOFLOW_HEALTH_PORT=",
                        "target/lib /opt/zooflow/lib",
                        "conf/worker.conf /opt/zooflow/conf/");
        assertThat(dockerfile.indexOf("USER zooflow")).isBetween(0, dockerfile.indexOf("ENTRYPOINT"));
    }

    @Test
    void theFleetHasACoordinatorAndTwoWorkersOfEachRole() throws IOException {
        Map<String, Integer> replicas = new HashMap<>();
        for (Map<String, Object> service : services("zooflow").values()) {
            if (service.containsKey("command")) {
                CommandLine.ParseResult worker = parse(list(service.get("command")));
                assertThat(command(worker)).isEqualTo("worker");
                Set<String> roles = worker.subcommand().matchedOptionValue("--roles", Set.of());
                RoleConverter.duties(roles);
                Object deploy = service.getOrDefault("deploy", Map.of("replicas", 1));
                roles.forEach(
                        role -> replicas.merge(role, (Integer) block(deploy).get("replicas"), Integer::sum));
                assertThat(service).containsEntry("restart", "unless-stopped");
            }
        }
        assertThat(replicas).hasSize(1 + Role.values().length).containsEntry("coordinator", 1);
        Arrays.stream(Role.values()).forEach(role -> assertThat(replicas).containsEntry(role.id(), 2));
    }

    @Test
    void anExperimentIsSubmittedByAServiceOfItsOwn() throws IOException {
        List<String> line =
                new ArrayList<>(arguments(list(services("zooflow").get("submit").get("entrypoint"))));
        line.add(HOME + "experiments/quickstart.conf");
        CommandLine.ParseResult submit = parse(line);
        assertThat(command(submit)).isEqualTo("submit");
        Path file = (Path) submit.subcommand().matchedPositional(0).getValue();
        assertThat(ExperimentFile.load(file, List.of()).name()).isEqualTo("quickstart");
    }

    @Test
    void anUnknownOptionWouldBeFound() {
        assertThatThrownBy(() -> parse(List.of("worker", "--rolls", "trainer")))
                .isInstanceOf(CommandLine.ParameterException.class);
    }

    @Test
    void everyVariableIsOneOfTheSettings() throws IOException {
        Set<String> known = Pattern.compile("\\$\\{\\?(ZOOFLOW_[A-Z_]+)}")
                .matcher(Files.readString(CONF))
                .results()
                .map(m -> m.group(1))
                .collect(Collectors.toSet());
        Set<String> used = new TreeSet<>();
        for (Map<String, Object> service : services("zooflow").values()) {
            used.addAll(block(service.get("environment")).keySet());
        }
        Pattern variable = Pattern.compile("(?m)^(?:ENV |Environment=|# .*?)(ZOOFLOW_[A-Z_]+)=");
        for (String file : List.of("Dockerfile", "zooflow-worker.service")) {
            variable.matcher(Files.readString(DOCKER.resolve(file)))
                    .results()
                    .map(m -> m.group(1))
                    .forEach(used::add);
        }
        assertThat(known).containsAll(used);
        assertThat(used).contains("ZOOFLOW_BOOTSTRAP_SERVERS", "ZOOFLOW_HEALTH_PORT", "ZOOFLOW_WEBHOOK");
        AppSettings.load(Optional.of(CONF));
    }

    @Test
    void kafkaKnowsItsSettings() throws IOException {
        Map<String, Map<String, Object>> brokers = services("apache/kafka");
        assertThat(brokers).hasSize(3);
        for (Map<String, Object> broker : brokers.values()) {
            assertThat(broker)
                    .containsEntry(
                            "image", "apache/kafka:" + Provenance.versions().get("kafka"));
            Map<String, String> properties = new HashMap<>();
            block(broker.get("environment")).forEach((name, value) -> {
                if (name.startsWith("KAFKA_") && !name.equals("KAFKA_HEAP_OPTS")) {
                    String key = name.substring("KAFKA_".length())
                            .toLowerCase(Locale.ROOT)
                            .replace('_', '.');
                    properties.put(key, String.valueOf(value));
                }
            });
            KafkaConfig config = new KafkaConfig(properties, false);
            assertThat(KafkaConfig.configDef().names()).containsAll(properties.keySet());
            assertThat(config.shareCoordinatorConfig().shareCoordinatorStateTopicReplicationFactor())
                    .isEqualTo((short) 3);
            assertThat(Uuid.fromString(
                            block(broker.get("environment")).get("CLUSTER_ID").toString()))
                    .isNotNull();
        }
    }

    @Test
    void portsArePublishedOnTheLoopbackInterfaceOnly() throws IOException {
        List<String> published = new ArrayList<>();
        block(yaml("compose.yaml").get("services"))
                .values()
                .forEach(service -> published.addAll(list(block(service).getOrDefault("ports", List.of()))));
        assertThat(published).hasSize(6).allMatch(port -> port.startsWith("127.0.0.1:"));
    }

    @Test
    void prometheusReadsEveryProcessOfTheFleetAndIsStartedWhenItIsAskedFor() throws IOException {
        Map<String, Object> scrape = block(((List<?>) yaml("prometheus.yml").get("scrape_configs")).get(0));
        Map<String, Object> names = block(((List<?>) scrape.get("dns_sd_configs")).get(0));
        Set<String> processes = new TreeSet<>();
        services("zooflow").forEach((name, service) -> {
            if (service.containsKey("command")) {
                processes.add(name);
            }
        });
        assertThat(new TreeSet<>(list(names.get("names")))).isEqualTo(processes);
        assertThat(Files.readString(DOCKER.resolve("Dockerfile")))
                .contains("ZOOFLOW_HEALTH_PORT=%s\n".formatted(names.get("port")));
        for (String image : List.of("prom/prometheus", "grafana/grafana")) {
            assertThat(services(image).values()).singleElement().satisfies(service -> {
                assertThat(list(service.get("profiles"))).containsExactly("monitoring");
                list(service.get("volumes")).stream()
                        .filter(volume -> volume.startsWith("./"))
                        .forEach(volume -> assertThat(DOCKER.resolve(volume.replaceFirst(":.*", "")))
                                .exists());
            });
        }
    }

    @Test
    void theGpuOverrideIsOfTrainersThatThereAre() throws IOException {
        Map<String, Object> over = block(yaml("compose.gpu.yaml").get("services"));
        assertThat(services("zooflow").keySet()).containsAll(over.keySet());
        Map<String, Object> resources =
                block(block(block(over.get("trainer")).get("deploy")).get("resources"));
        assertThat(block(resources.get("reservations")).get("devices").toString())
                .contains("driver=nvidia", "capabilities=[gpu]");
    }

    @Test
    void theUnitStartsAWorkerAndLetsItEndInOrder() throws IOException {
        Map<String, String> unit = new HashMap<>();
        try (Stream<String> lines = Files.lines(DOCKER.resolve("zooflow-worker.service"))) {
            lines.filter(line -> line.matches("[A-Z].*=.*"))
                    .map(line -> line.split("=", 2))
                    .forEach(pair -> unit.put(pair[0], pair[1]));
        }
        CommandLine.ParseResult worker =
                parse(arguments(List.of(unit.get("ExecStart").split(" ", -1))));
        assertThat(command(worker)).isEqualTo("worker");
        RoleConverter.duties(worker.subcommand().matchedOptionValue("--roles", Set.of()));
        assertThat(unit)
                .containsEntry("Restart", "always")
                .containsEntry("KillSignal", "SIGTERM")
                .containsEntry("NoNewPrivileges", "true")
                .containsEntry("SuccessExitStatus", "143");
        assertThat(Integer.parseInt(unit.get("TimeoutStopSec"))).isGreaterThanOrEqualTo(30);
    }
}
