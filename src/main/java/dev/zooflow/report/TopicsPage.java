package dev.zooflow.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** A page for people of the AsyncAPI document: every topic, who sends and who receives, and every message with its fields. */
public final class TopicsPage {

    private static final String HERE = "/dev/zooflow/report/";
    private static final String LETTERS = "dlq.";
    private static final String LETTER = "dead-letter";

    private final JsonNode document;

    private TopicsPage(JsonNode document) {
        this.document = document;
    }

    /** A self-contained page, in the looks of a run's report. */
    public static byte[] write(JsonNode document) {
        return new TopicsPage(document).page().getBytes(StandardCharsets.UTF_8);
    }

    private String page() {
        JsonNode prefix = document.at("/components/parameters/prefix");
        Map<String, String> values = new LinkedHashMap<>();
        values.put("style", Html.resource(HERE + "report.css"));
        values.put("version", text(document.at("/info/version")) + ", AsyncAPI " + text(document.get("asyncapi")));
        values.put("description", text(document.at("/info/description")));
        values.put(
                "prefix", "{prefix} is %s by default. %s".formatted(text(prefix.get("default")), description(prefix)));
        values.put("topics", topics());
        values.put("letters", "Each topic has one, dlq.&lt;topic&gt;. " + description(message(LETTER)));
        values.put("letter-headers", fields(message(LETTER).get("headers")));
        values.put("headers", fields(document.at("/components/schemas/cloud-event")));
        values.put("messages", messages());
        return Html.fill(Html.resource(HERE + "topics.html"), values);
    }

    private JsonNode message(String kind) {
        return document.get("components").get("messages").get(kind);
    }

    private static String text(JsonNode node) {
        return Html.escape(node.asText());
    }

    private static String description(JsonNode node) {
        return text(node.path("description"));
    }

    private static String table(List<String> heads, String rows) {
        return heads.stream()
                .map(head -> "<th scope=\"col\">" + head + "</th>")
                .collect(Collectors.joining(
                        "", "<table><thead><tr>", "</tr></thead><tbody>" + rows + "</tbody></table>"));
    }

    private static String row(String name, String... cells) {
        return "<tr><th scope=\"row\">%s</th><td>%s</td></tr>".formatted(name, String.join("</td><td>", cells));
    }

    private String topics() {
        StringBuilder rows = new StringBuilder();
        document.get("channels").properties().forEach(channel -> {
            if (!channel.getKey().startsWith(LETTERS)) {
                JsonNode kafka = channel.getValue().at("/bindings/kafka");
                JsonNode configs = kafka.get("topicConfiguration");
                rows.append(row(
                        "<code>" + text(channel.getValue().get("address")) + "</code>",
                        description(channel.getValue()),
                        who(channel.getKey(), "send"),
                        who(channel.getKey(), "receive"),
                        links(channel.getValue().get("messages")),
                        list(configs.get("cleanup.policy")),
                        Duration.ofMillis(configs.get("retention.ms").asLong()).toDays() + " d",
                        text(kafka.get("partitions"))));
            }
        });
        return table(
                List.of("topic", "what", "written by", "read by", "messages", "cleanup", "retention", "partitions"),
                rows.toString());
    }

    private String who(String channel, String action) {
        Set<String> who = new TreeSet<>();
        document.get("operations").forEach(operation -> {
            if (operation.get("action").asText().equals(action)
                    && operation.at("/channel/$ref").asText().equals("#/channels/" + channel)) {
                who.add(text(operation.get("title")));
            }
        });
        return String.join(", ", who);
    }

    private static String links(JsonNode messages) {
        return messages.properties().stream()
                .map(m -> "<a href=\"#%1$s\">%1$s</a>".formatted(Html.escape(m.getKey())))
                .collect(Collectors.joining(", "));
    }

    private static String list(JsonNode values) {
        return StreamSupport.stream(values.spliterator(), false)
                .map(TopicsPage::text)
                .collect(Collectors.joining(", "));
    }

    private String messages() {
        return document.at("/components/messages").properties().stream()
                .filter(m -> !m.getKey().equals(LETTER))
                .map(m -> message(Html.escape(m.getKey()), m.getValue()))
                .collect(Collectors.joining("\n"));
    }

    private String message(String kind, JsonNode message) {
        JsonNode schema =
                document.at(message.at("/payload/$ref").asText().substring(1)).get("schema");
        String example = message.at("/examples/0/payload").toPrettyString();
        return """
                <h3 id="%s">%s</h3>
                <p class="note">%s <code>%s</code>, <code>%s</code></p>
                <div class="card scroll">%s</div>
                """.formatted(
                                kind,
                                text(message.get("title")),
                                description(message),
                                text(message.get("name")),
                                text(message.get("contentType")),
                                fields(schema))
                + (example.isEmpty()
                        ? ""
                        : "<details><summary>Example</summary><pre class=\"card\">%s</pre></details>"
                                .formatted(Html.escape(example)));
    }

    private static String fields(JsonNode schema) {
        StringBuilder rows = new StringBuilder();
        rows(rows, "", schema);
        return table(List.of("field", "type", "what"), rows.toString());
    }

    private static void rows(StringBuilder rows, String parent, JsonNode schema) {
        Set<String> required = new TreeSet<>();
        schema.path("required").forEach(name -> required.add(name.asText()));
        schema.path("properties").properties().forEach(field -> {
            String name = parent + Html.escape(field.getKey());
            String optional = required.contains(field.getKey()) ? "" : ", optional";
            rows.append(
                    row("<code>" + name + "</code>", type(field.getValue()) + optional, description(field.getValue())));
            rows(rows, name + ".", field.getValue());
        });
    }

    /** In a few words: {@code number or null}, {@code list of text}, {@code one of …}. */
    private static String type(JsonNode schema) {
        if (schema.has("const")) {
            return text(schema.get("const"));
        } else if (schema.has("enum")) {
            return "one of " + list(schema.get("enum"));
        }
        JsonNode type = schema.path("type");
        if (type.isArray()) {
            return StreamSupport.stream(type.spliterator(), false)
                    .map(TopicsPage::text)
                    .collect(Collectors.joining(" or "));
        }
        return switch (type.asText()) {
            case "array" -> "list of " + type(schema.path("items"));
            case "object" ->
                schema.has("additionalProperties") ? "map to " + type(schema.get("additionalProperties")) : "object";
            default -> text(type);
        };
    }
}
