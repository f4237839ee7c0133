package dev.zooflow.experiment;

import com.typesafe.config.Config;
import java.util.List;
import java.util.stream.Stream;

/** Reads and checks the elements of {@code published}, below which {@code publication} lies. */
final class PublicationReader {

    private static final String GENERATED = "generated/";
    private static final double MANY = 1e9;

    private PublicationReader() {}

    static List<Publication> read(Config config, List<FlowSpec> flows, List<SamplingSpec> samplings) {
        return Elements.of(config, "published", "{ group = held-out, accuracy = 0.933 }").stream()
                .map(s -> publication(s, flows, samplings))
                .toList();
    }

    private static Publication publication(Settings s, List<FlowSpec> flows, List<SamplingSpec> samplings) {
        for (String key : List.of("group", "label", "source")) {
            if (s.text(key).isBlank()) {
                throw s.error(key, "is empty", "Maybe say it for all in publication.%s?".formatted(key));
            }
        }
        checkGroup(s, flows, samplings);
        return new Publication(
                s.text("group"),
                s.text("label"),
                s.optional("accuracy", 0, 1),
                s.optional("accuracy-std", 0, 1),
                s.optional("loss", 0, MANY),
                s.optional("loss-std", 0, MANY),
                s.text("source"));
    }

    /** A generated group must be one of this experiment; the program knows the others, the experiment does not. */
    private static void checkGroup(Settings s, List<FlowSpec> flows, List<SamplingSpec> samplings) {
        String group = s.text("group");
        List<String> generated = flows.stream()
                .map(f -> GENERATED + f.name())
                .flatMap(g -> Stream.concat(Stream.of(g), samplings.stream().map(v -> g + "/" + v.name())))
                .toList();
        if (group.startsWith(GENERATED) && !generated.contains(group.replaceFirst("\\+\\d+$", ""))) {
            throw s.error(
                    "group",
                    "is of no flow or sampling of this experiment",
                    "Maybe %s?".formatted(Nearest.to(group, generated).orElse(generated.get(0))));
        }
    }
}
