package dev.zooflow.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NumbersTest {

    @Test
    void numbersReadAsPeopleWriteThem() {
        assertThat(Numbers.decimal(-1.25, 1)).isEqualTo("−1.3");
        assertThat(Numbers.decimal(-0.04, 1)).isEqualTo("0.0");
        assertThat(Numbers.decimal(Double.NaN, 1)).isEqualTo("–");
        assertThat(Numbers.percent(0.98765)).isEqualTo("98.8");
        assertThat(Numbers.grouped(1234567)).isEqualTo("1,234,567");
        assertThat(List.of(
                        Numbers.duration(3.21), Numbers.duration(42), Numbers.duration(203.4), Numbers.duration(7260)))
                .containsExactly("3.2 s", "42 s", "3 min 23 s", "2 h 1 min");
    }

    @Test
    void digitsInTextsAreOrderedAsNumbers() {
        String[] tasks = {"a/10", "a/9", "a", "b1", "a/9x", "a/009"};
        Arrays.sort(tasks, new NaturalOrder());

        assertThat(tasks).containsExactly("a", "a/009", "a/9", "a/9x", "a/10", "b1");
    }

    @Test
    void embeddedTextCannotEndItsElement() {
        assertThat(Html.escape("<a href='x'>\"&\"")).isEqualTo("&lt;a href=&#39;x&#39;&gt;&quot;&amp;&quot;");
        assertThat(Html.embedJson("\"</script><!--\u2028\"")).isEqualTo("\"\\u003c/script\\u003e\\u003c!--\\u2028\"");
        assertThat(Html.embedScript("'</script><!--'")).isEqualTo("'<\\/script><\\!--'");
    }

    @Test
    void valuesOfATemplateAreNotFilledAgain() {
        assertThat(Html.fill("{{a}} {{b}}", Map.of("a", "{{b}} $1 \\", "b", "x")))
                .isEqualTo("{{b}} $1 \\ x");
    }
}
