package dev.zooflow.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.zooflow.message.AsyncApi;
import dev.zooflow.message.MessageTypes;
import dev.zooflow.message.Topic;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class TopicsPageTest {

    private static String page() {
        return new String(TopicsPage.write(AsyncApi.document()), StandardCharsets.UTF_8);
    }

    @Test
    void everyTopicAndEveryMessageIsOnThePage() {
        String page = page();
        for (Topic topic : Topic.values()) {
            assertThat(page).contains("<code>%s</code>".formatted(topic.name("{prefix}")));
        }
        MessageTypes.all().keySet().forEach(kind -> assertThat(page).contains("id=\"%s\"".formatted(kind)));
    }

    @Test
    void whoWritesAndReadsHowLongItStaysAndWhatIsInIt() {
        assertThat(page())
                .containsPattern(
                        "tasks\\.trainer\\.v1.*<td>coordinator</td><td>trainer</td>.*train-flow.*<td>delete</td>"
                                + "<td>30 d</td><td>1</td>")
                .contains("<code>checkpoint.model.sha256</code>")
                .contains("<code>round</code></th><td>integer, optional</td>")
                .contains("<td>map to number or null</td>")
                .contains("<td>one of zoo-producer, trainer, sampler, evaluator</td>");
    }

    @Test
    void everyLinkLeadsToAMessage() {
        String page = page();
        assertThat(Pattern.compile("href=\"#([^\"]+)\"").matcher(page).results())
                .hasSizeGreaterThan(20)
                .allMatch(link -> page.contains("id=\"%s\"".formatted(link.group(1))));
    }

    @Test
    void textIsEscaped() {
        ObjectNode document = AsyncApi.document().deepCopy();
        ((ObjectNode) document.get("info")).put("description", "<script>");
        assertThat(new String(TopicsPage.write(document), StandardCharsets.UTF_8))
                .doesNotContain("<script>")
                .contains("&lt;script&gt;");
    }
}
