package dev.zooflow.kafka;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.zooflow.message.Codec;
import dev.zooflow.message.Envelope;
import dev.zooflow.message.Javadocs;
import dev.zooflow.message.Message;
import dev.zooflow.message.MessageSamples;
import dev.zooflow.message.MessageSchemas;
import dev.zooflow.message.MessageTypes;
import dev.zooflow.message.Role;
import dev.zooflow.message.Topic;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * The AsyncAPI 3.0 document of all topics, made from the code: schemas from the records and their Javadoc, settings of topics
 * from {@link TopicLayout}, senders and receivers from {@link Participants}, examples from {@link MessageSamples}.
 */
final class AsyncApiDocument {

    /** Brokers of a cluster whose topics have all the replicas they may have. */
    private static final int BROKERS = 3;

    private static final String PREFIX = "{prefix}";
    private static final String BINDING = "0.5.0";
    private static final String SCHEMA_FORMAT = "application/schema+json;version=draft-2020-12";
    private static final String LETTER = "dead-letter";
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Javadocs docs = Javadocs.ofMessages();
    private final TopicLayout layout = new TopicLayout(PREFIX);
    private final Map<String, NewTopic> topics =
            layout.all(BROKERS, true).stream().collect(Collectors.toMap(NewTopic::name, topic -> topic));
    private final Map<String, Message> samples = MessageSamples.all().stream()
            .collect(Collectors.toMap(sample -> kind(sample.getClass()), sample -> sample));

    private AsyncApiDocument() {}

    /** As it stands in the resources, with a line end. */
    static String create() {
        try {
            return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(new AsyncApiDocument().document()) + "\n";
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String kind(Class<? extends Message> type) {
        return MessageTypes.all().entrySet().stream()
                .filter(e -> e.getValue() == type)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }

    private ObjectNode document() {
        ObjectNode root = JSON.objectNode().put("asyncapi", "3.0.0");
        root.putObject("info")
                .put("title", "zooflow")
                .put("version", "v" + MessageTypes.MAJOR)
                .put(
                        "description",
                        "Topics and messages of zooflow on Kafka. Messages are CloudEvents 1.0 in binary mode: attributes in"
                                + " headers, payload in the value. Delivery is at least once; a message that is published"
                                + " again has the same id, and the first one counts. Unknown fields are ignored; what can't"
                                + " be understood, a newer major version for example, goes to the dead-letter topic of its"
                                + " topic. All events of a run on a topic are in one partition, in order; the partition is"
                                + " that of Kafka's own partitioner for the name of the run.");
        root.put("defaultContentType", Codec.JSON);
        root.set("channels", channels());
        root.set("operations", operations());
        root.set("components", components());
        return root;
    }

    // ---------------------------------------------------------------- topics

    private ObjectNode channels() {
        ObjectNode channels = JSON.objectNode();
        for (Topic topic : Topic.values()) {
            channels.set(
                    topic.thing(), channel(layout.name(topic), docs.of(topic).orElseThrow(), kinds(topic)));
        }
        for (Topic topic : Topic.values()) {
            String text = "What could not be processed on topic %s, with the reason in its headers."
                    .formatted(layout.name(topic));
            channels.set(
                    "dlq." + topic.thing(),
                    channel(TopicLayout.deadLetters(layout.name(topic)), text, List.of(LETTER)));
        }
        return channels;
    }

    private Collection<String> kinds(Topic topic) {
        return samples.entrySet().stream()
                .filter(sample -> sample.getValue().topic() == topic)
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private ObjectNode channel(String address, String text, Collection<String> kinds) {
        NewTopic topic = topics.get(address);
        ObjectNode channel = JSON.objectNode().put("address", address).put("description", text);
        ObjectNode messages = channel.putObject("messages");
        kinds.forEach(kind -> messages.set(kind, ref("#/components/messages/" + kind)));
        channel.putObject("parameters").set("prefix", ref("#/components/parameters/prefix"));
        ObjectNode kafka = kafka(channel);
        kafka.put("topic", address).put("partitions", topic.numPartitions()).put("replicas", topic.replicationFactor());
        ObjectNode configs = kafka.putObject("topicConfiguration");
        new TreeMap<>(topic.configs()).forEach((name, value) -> config(configs, name, value));
        kafka.put("bindingVersion", BINDING);
        return channel;
    }

    private static void config(ObjectNode configs, String name, String value) {
        if (name.equals("cleanup.policy")) {
            Arrays.stream(value.split(",", -1)).forEach(configs.withArray(name)::add);
        } else if (value.matches("\\d+")) {
            configs.put(name, Long.parseLong(value));
        } else {
            configs.put(name, Boolean.parseBoolean(value));
        }
    }

    private static ObjectNode kafka(ObjectNode owner) {
        return owner.putObject("bindings").putObject("kafka");
    }

    // ---------------------------------------------------------------- who sends and who receives

    private ObjectNode operations() {
        ObjectNode operations = JSON.objectNode();
        Participants.senders().forEach((who, kinds) -> {
            for (Topic topic : Topic.values()) {
                Set<String> sent = new TreeSet<>(kinds);
                sent.retainAll(kinds(topic));
                if (!sent.isEmpty()) {
                    operation(operations, who, "send", topic.thing(), sent);
                }
            }
        });
        Participants.receivers().forEach((who, read) -> {
            for (Topic topic : read) {
                ObjectNode operation = operation(operations, who, "receive", topic.thing(), kinds(topic));
                if (topic.isQueue()) {
                    group(operation, who);
                }
            }
        });
        for (Topic topic : Topic.values()) {
            operation(operations, Participants.COMMAND_LINE, "receive", "dlq." + topic.thing(), List.of(LETTER));
        }
        return operations;
    }

    private static ObjectNode operation(
            ObjectNode operations, String who, String action, String channel, Collection<String> kinds) {
        ObjectNode operation = operations
                .putObject("%s.%s.%s".formatted(who, action, channel))
                .put("action", action)
                .put("title", who);
        operation.set("channel", ref("#/channels/" + channel));
        ArrayNode messages = operation.putArray("messages");
        kinds.forEach(kind -> messages.add(ref("#/channels/%s/messages/%s".formatted(channel, kind))));
        return operation;
    }

    private void group(ObjectNode operation, String role) {
        String group = Arrays.stream(Role.values())
                .filter(r -> r.id().equals(role))
                .map(layout::group)
                .findFirst()
                .orElseThrow();
        ObjectNode kafka = kafka(operation);
        kafka.putObject("groupId")
                .put("type", "string")
                .put("description", "A share group: each task is in the hands of one worker at a time.")
                .put("const", group);
        kafka.put("bindingVersion", BINDING);
    }

    // ---------------------------------------------------------------- messages

    private ObjectNode components() {
        ObjectNode components = JSON.objectNode();
        components
                .putObject("parameters")
                .putObject("prefix")
                .put("default", "zooflow")
                .put("description", "The setting zooflow.kafka.prefix.");
        Map<String, ObjectNode> schemas = new MessageSchemas(docs).all();
        ObjectNode messages = components.putObject("messages");
        ObjectNode formats = components.putObject("schemas");
        formats.set("cloud-event", cloudEvent());
        schemas.forEach((kind, schema) -> {
            messages.set(kind, message(kind, schema));
            formats.putObject(kind).put("schemaFormat", SCHEMA_FORMAT).set("schema", schema);
        });
        messages.set(LETTER, letter());
        return components;
    }

    private ObjectNode message(String kind, ObjectNode schema) {
        Message sample = samples.get(kind);
        Envelope envelope = encode(sample);
        ObjectNode message = JSON.objectNode()
                .put("name", envelope.headers().get(Envelope.TYPE))
                .put("title", schema.get("title").asText())
                .put("description", schema.get("description").asText())
                .put("contentType", envelope.headers().get(Envelope.CONTENT_TYPE));
        ObjectNode own = JSON.objectNode();
        for (String header : List.of(Envelope.TYPE, Envelope.CONTENT_TYPE, Envelope.DATA_SCHEMA)) {
            own.putObject(header).put("const", envelope.headers().get(header));
        }
        ObjectNode headers = message.putObject("headers");
        headers.putArray("allOf")
                .add(ref("#/components/schemas/cloud-event"))
                .add(JSON.objectNode().set("properties", own));
        message.set("payload", ref("#/components/schemas/" + kind));
        key(message, "<run>/<id>, as ce_id: " + envelope.key());
        example(message, envelope);
        return message;
    }

    private static Envelope encode(Message sample) {
        try {
            return MessageSamples.encode(sample);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void example(ObjectNode message, Envelope envelope) {
        ObjectNode example = message.putArray("examples").addObject();
        ObjectNode headers = example.putObject("headers");
        new TreeMap<>(envelope.headers()).forEach(headers::put);
        if (envelope.headers().get(Envelope.CONTENT_TYPE).equals(Codec.JSON)) {
            try {
                example.set("payload", MAPPER.readTree(envelope.body()));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static void key(ObjectNode message, String text) {
        ObjectNode kafka = kafka(message);
        kafka.putObject("key").put("type", "string").put("description", text);
        kafka.put("bindingVersion", BINDING);
    }

    private static ObjectNode letter() {
        ObjectNode message = JSON.objectNode()
                .put("name", LETTER)
                .put("title", "DeadLetter")
                .put(
                        "description",
                        "A record as it was, with headers that say why it is here and where it stood. `zooflow dlq` reads it.");
        ObjectNode properties =
                message.putObject("headers").put("type", "object").putObject("properties");
        Map.of(
                        DeadLetters.REASON,
                        "Why it could not be processed.",
                        DeadLetters.TOPIC,
                        "Topic on which it stood.",
                        DeadLetters.PARTITION,
                        "Partition of that topic.",
                        DeadLetters.OFFSET,
                        "Offset in that partition.",
                        LetterBox.REPLAYED,
                        "true on the copy that says that it was sent on its way again.",
                        LetterBox.BROKERS + "message",
                        "Why the brokers themselves put it here.")
                .entrySet()
                .stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(e ->
                        properties.putObject(e.getKey()).put("type", "string").put("description", e.getValue()));
        message.putObject("payload").put("description", "The value of the record, whatever it is.");
        key(message, "<topic>/<partition>/<offset> of the record, or its key where the brokers put it here.");
        return message;
    }

    private static ObjectNode cloudEvent() {
        Map<String, String> texts = Map.of(
                Envelope.SPEC_VERSION, "Version of CloudEvents.",
                Envelope.ID, "<run>/<id>: equal for every publication of the same happening.",
                Envelope.SOURCE, "The process that published it, as a URI reference.",
                Envelope.TYPE, "Type and major version.",
                Envelope.TIME, "When it was published, RFC 3339.",
                Envelope.CONTENT_TYPE, "Media type of the payload.",
                Envelope.DATA_SCHEMA, "The $id of the schema of the payload.",
                Envelope.BLOB,
                        "<sha256>:<size> of a payload above the inline limit, which is in the blob store; the value of the record is then empty.");
        ObjectNode schema = JSON.objectNode().put("type", "object");
        ArrayNode required = schema.putArray("required");
        ObjectNode properties = schema.putObject("properties");
        new TreeMap<>(texts).forEach((name, text) -> {
            properties.putObject(name).put("type", "string").put("description", text);
            if (!name.equals(Envelope.BLOB)) {
                required.add(name);
            }
        });
        ((ObjectNode) properties.get(Envelope.SPEC_VERSION)).put("const", "1.0");
        ((ObjectNode) properties.get(Envelope.TIME)).put("format", "date-time");
        ((ObjectNode) properties.get(Envelope.BLOB)).put("pattern", "^[0-9a-f]{64}:[0-9]{1,18}$");
        return schema;
    }

    private static ObjectNode ref(String pointer) {
        return JSON.objectNode().put("$ref", pointer);
    }
}
