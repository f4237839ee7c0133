package dev.zooflow.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.zooflow.message.Event;
import dev.zooflow.message.Role;
import dev.zooflow.message.RunEvent.RunCompleted;
import dev.zooflow.message.RunEvent.RunSubmitted;
import dev.zooflow.message.TaskEvent.TaskFailed;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class HtmlReportTest {

    private static final String EVIL = "</script><script>alert(1)</script><img src=x onerror='alert(2)'>\"&{{table}}";

    @Test
    void holdsTableChartsAndProvenance() throws Exception {
        String page = page(SampleRun.completed());

        assertThat(page)
                .contains("<span class=\"status ok\">completed</span>")
                .contains("2025-03-08 13:45 UTC · 3 min 23 s")
                .contains("94.2<span class=\"sd\"> ± 1.2</span>".replace("94.2", "92.9"))
                .contains("<dt>library.libtorch</dt><dd>2.7.1</dd>")
                .contains("64-16-10 relu, 1,210 parameters")
                .doesNotContain("class=\"banner")
                .doesNotContain("{{");
        JsonNode data = data(page);
        assertThat(data.get("flows")).hasSize(3);
        assertThat(data.at("/curves/flow~1geometric/values/loss")).hasSize(201);
        assertThat(data.at("/history/euclidean/accuracy_mean")).hasSize(5);
        assertThat(data.at("/groups/8/nn_ratio")).hasSize(128);
        assertThat(data.at("/groups/8/averaging/nll")).hasSize(6);
        assertThat(data.at("/barriers/0/variant").textValue()).isEqualTo("unaligned");
        assertThat(data.at("/barriers/1/barrier")).hasSize(12);
        assertThat(data.get("weights")).hasSize(4);
        assertThat(data.at("/weights/1/networks/0/neurons")).hasSize(16);
    }

    @Test
    void asksTheNetworkForNothing() {
        String page = withoutScripts(page(SampleRun.completed()));

        assertThat(page).contains("default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'");
        assertThat(page)
                .doesNotContain("http:", "https:")
                .doesNotContainPattern("<(link|img|iframe|script[^>]* src=|base)\\b");
        assertThat(page).doesNotContainPattern("@import|url\\((?!['\"]?data:)['\"]?http");
    }

    @Test
    void textFromEventsStaysText() throws Exception {
        List<Event> events = new ArrayList<>(SampleRun.completed());
        events.removeIf(e -> e instanceof RunSubmitted || e instanceof RunCompleted);
        events.add(new RunSubmitted(SampleRun.RUN, "# " + EVIL, Map.of("host", EVIL, EVIL, "x")));
        events.add(SampleRun.plain(EVIL, 3, "accuracy_mean", 0.5, "nn_ratio_mean", 1.0));
        events.add(SampleRun.plain("generated/" + EVIL, 3, "accuracy_mean", 0.99, "novel_performant_075", 1.0));
        events.add(new TaskFailed(SampleRun.RUN, EVIL, Role.TRAINER, 1, EVIL, EVIL, true));
        events.add(new RunCompleted(SampleRun.RUN, List.of(EVIL), 1));

        String page = page(events);

        // The page's own scripts: the data, ECharts and the report's script.
        assertThat(count(page, "<script")).isEqualTo(3);
        assertThat(count(page, "</script>")).isEqualTo(3);
        assertThat(count(withoutScripts(page), "<img")).isZero();
        assertThat(data(page).findValuesAsText("group")).contains(EVIL, "generated/" + EVIL);
    }

    @Test
    void marksTheBestOfTheFlows() {
        String page = page(List.of(
                SampleRun.plain("held-out", 9, "accuracy_mean", 0.99, "nn_ratio_mean", 1.0, "copy_rate", 0.0),
                SampleRun.plain("generated/a", 9, "accuracy_mean", 0.9, "nn_ratio_mean", 0.8, "copy_rate", 0.0),
                SampleRun.plain("generated/b", 9, "accuracy_mean", 0.8, "nn_ratio_mean", 1.1, "copy_rate", 0.0)));

        assertThat(page)
                .contains("<td class=\"first best\" data-v=\"0.9\">90.0</td>")
                .contains("<td class=\"first best\" data-v=\"1.1\">1.10</td>")
                .contains("<td class=\"first\" data-v=\"0.99\">99.0</td>")
                .contains("<td class=\"\" data-v=\"0.0\">0.0</td>")
                .doesNotContain("<td class=\"best\" data-v=\"0.0\">");
    }

    @Test
    void saysWhatGradientsWereSpentAndComparesOnlyBeforeRefinement() {
        String page = page(List.of(
                SampleRun.plain("soup-16", 9, "accuracy_mean", 0.8, "gradient_steps", 0.0),
                SampleRun.plain("soup-16+20", 9, "accuracy_mean", 0.9, "gradient_steps", 20.0),
                SampleRun.plain("generated/a", 9, "accuracy_mean", 0.7, "gradient_steps", 16.0),
                SampleRun.plain("generated/a+20", 9, "accuracy_mean", 0.95, "gradient_steps", 36.0),
                SampleRun.plain("generated/b", 9, "accuracy_mean", 0.6, "gradient_steps", 0.0)));

        assertThat(page)
                .contains(">gradients<")
                .contains("data-v=\"36.0\">36</td>")
                .contains("<td class=\"first best\" data-v=\"0.7\">70.0</td>")
                .contains("<td class=\"first\" data-v=\"0.95\">95.0</td>")
                .contains("means of 16 aligned training networks, after 20 further gradient steps");
        assertThat(page(SampleRun.completed())).doesNotContain(">gradients<");
    }

    @Test
    void anotherTaskHasATableOfItsOwnAndIsInNoChart() throws Exception {
        String page = page(List.of(
                SampleRun.plain("held-out", 9, "accuracy_mean", 0.99, "nn_ratio_mean", 1.0),
                SampleRun.plain("transfer/a", 9, "accuracy_mean", 0.7, "gradient_steps", 16.0),
                SampleRun.plain("transfer/trained", 9, "accuracy_mean", 0.8, "gradient_steps", 500.0)));

        String transfer = page.substring(page.indexOf("id=\"transfer\""), page.indexOf("id=\"training\""));
        assertThat(transfer)
                .contains("data-group=\"transfer/a\"", ">500</td>")
                .doesNotContain("held-out\"", "nn ratio");
        assertThat(data(page).get("groups")).hasSize(1);
    }

    @Test
    void anEmptyRunHasAPageToo() throws Exception {
        String page = page(List.of());

        assertThat(page)
                .contains("This run did not come to its end.")
                .contains("No generated networks have been scored.")
                .contains("No group has been scored.");
        assertThat(data(page).get("weights")).isEmpty();
    }

    static String page(List<Event> events) {
        return new String(HtmlReport.write(SampleRun.record(events)), StandardCharsets.UTF_8);
    }

    private static JsonNode data(String page) throws Exception {
        Matcher matcher = Pattern.compile("(?s)<script type=\"application/json\" id=\"data\">(.*?)</script>")
                .matcher(page);
        assertThat(matcher.find()).isTrue();
        return new ObjectMapper().readTree(matcher.group(1));
    }

    /** The page with empty script elements: ECharts' source holds markup and namespaces in its strings. */
    private static String withoutScripts(String page) {
        return page.replaceAll("(?s)(<script[^>]*>).*?</script>", "$1</script>");
    }

    private static int count(String page, String what) {
        return page.split(Pattern.quote(what), -1).length - 1;
    }
}
