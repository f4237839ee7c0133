package dev.zooflow.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.zooflow.message.AsyncApi;
import dev.zooflow.message.Topic;
import dev.zooflow.report.TopicsPage;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** The document of the topics is that of the code, and it is AsyncAPI; the page in the docs is that of the document. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AsyncApiTest {

    private static final Path FILE = Path.of("src/main/resources/dev/zooflow/message/asyncapi.json");
    private static final Path PAGE = Path.of("src/site/markdown/topics.md");

    @Test
    @Order(1)
    void theDocumentIsThatOfTheCode() throws Exception {
        String wanted = AsyncApiDocument.create();
        // As trees: the examples hold maps, which have no order.
        ObjectMapper json = new ObjectMapper();
        if (Boolean.getBoolean("asyncapi.write")
                && !json.readTree(Files.readString(FILE)).equals(json.readTree(wanted))) {
            Files.writeString(FILE, wanted);
        }
        assertThat(json.readTree(Files.readString(FILE)))
                .as("Maybe write it anew: mvn test -Dtest=AsyncApiTest -Dasyncapi.write=true")
                .isEqualTo(json.readTree(wanted));
    }

    @Test
    @Order(2)
    void thePageInTheDocsIsThatOfTheDocument() throws Exception {
        String html = new String(
                TopicsPage.write(new ObjectMapper().readTree(Files.readString(FILE))), StandardCharsets.UTF_8);
        String main = html.substring(html.indexOf("<main>") + "<main>".length(), html.indexOf("</main>"));
        String wanted = "# Topics and messages of zooflow\n" + main.replaceAll("(?m)^ +(?=<)", "");
        if (Boolean.getBoolean("asyncapi.write")) {
            Files.createDirectories(PAGE.getParent());
            Files.writeString(PAGE, wanted);
        }
        assertThat(Files.readString(PAGE))
                .as("Maybe write it anew: mvn test -Dtest=AsyncApiTest -Dasyncapi.write=true")
                .isEqualTo(wanted);
    }

    private static Schema specification() throws Exception {
        try (InputStream in = AsyncApiTest.class.getResourceAsStream("/asyncapi/3.0.0.json")) {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
                    .getSchema(new ObjectMapper().readTree(in));
        }
    }

    @Test
    void itIsValidByTheSchemaOfAsyncApi() throws Exception {
        assertThat(specification().validate(AsyncApi.document())).isEmpty();
    }

    @Test
    void whatIsNoAsyncApiIsFound() throws Exception {
        ObjectNode wrongAction = AsyncApi.document().deepCopy();
        ((ObjectNode) wrongAction.get("operations").get("trainer.send.flows")).put("action", "shout");
        assertThat(specification().validate(wrongAction)).isNotEmpty();
        ObjectNode wrongBinding = AsyncApi.document().deepCopy();
        ((ObjectNode) wrongBinding.at("/channels/runs/bindings/kafka")).put("partitions", 0);
        assertThat(specification().validate(wrongBinding)).isNotEmpty();
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        JsonNode document = AsyncApi.document();
        assertThat(document.findValues("$ref"))
                .hasSizeGreaterThan(100)
                .allSatisfy(
                        ref -> assertThat(document.at(ref.asText().substring(1)).isMissingNode())
                                .as(ref.asText())
                                .isFalse());
    }

    @Test
    void everyTopicIsSentToAndReceivedFrom() {
        JsonNode operations = AsyncApi.document().get("operations");
        for (Topic topic : Topic.values()) {
            for (String action : new String[] {"send", "receive"}) {
                assertThat(operations.properties())
                        .as("%s %s", action, topic)
                        .anyMatch(o -> o.getValue().get("action").asText().equals(action)
                                && o.getValue().at("/channel/$ref").asText().equals("#/channels/" + topic.thing()));
            }
        }
    }

    @Test
    void whoDoesWhatIsKnown() {
        assertThat(Participants.senders().get("trainer"))
                .contains("flow-checkpoint", "metric-point", "task-started", "worker-heartbeat")
                .doesNotContain("score", "task-queued");
        assertThat(Participants.senders().get("coordinator")).contains("run-completed", "train-flow", "run-notified");
        assertThat(Participants.receivers().get("evaluator"))
                .contains(Topic.TASKS_EVALUATOR, Topic.WEIGHTS_ZOO, Topic.WEIGHTS_GENERATED)
                .doesNotContain(Topic.TASKS_TRAINER);
    }
}
