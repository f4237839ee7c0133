package dev.zooflow.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What stands in {@code docker/}. */
final class DockerFiles {

    static final Path DOCKER = Path.of("docker");

    /** Where the program is in its image. */
    static final String HOME = "/opt/zooflow/";

    private DockerFiles() {}

    static Map<String, Object> yaml(String file) throws IOException {
        return block(read(Files.readString(DOCKER.resolve(file))));
    }

    private static Object read(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        return new Yaml(new SafeConstructor(options)).load(text);
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> block(Object value) {
        assertThat(value).isInstanceOf(Map.class);
        return (Map<String, Object>) value;
    }

    static List<String> list(Object value) {
        return ((List<?>) value).stream().map(String::valueOf).toList();
    }

    /** The services of an image, by name. */
    static Map<String, Map<String, Object>> services(String image) throws IOException {
        Map<String, Map<String, Object>> services = new TreeMap<>();
        block(yaml("compose.yaml").get("services")).forEach((name, service) -> {
            if (block(service).get("image").toString().split(":", -1)[0].equals(image)) {
                services.put(name, block(service));
            }
        });
        return services;
    }

    /** The words of an instruction of the Dockerfile. */
    static List<String> instruction(String name) throws IOException {
        String text = Files.readString(DOCKER.resolve("Dockerfile")).replace("\\\n", " ");
        return Pattern.compile("(?m)^%s\\b.*(\\[.*])".formatted(name))
                .matcher(text)
                .results()
                .map(m -> list(read(m.group(1))))
                .findFirst()
                .orElseThrow();
    }
}
