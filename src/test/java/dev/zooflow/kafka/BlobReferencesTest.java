package dev.zooflow.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BlobReferencesTest {

    private static final String ONE = "0123456789abcdef".repeat(4);
    private static final String TWO = "fedcba9876543210".repeat(4);

    private static Set<String> scan(String text) {
        Set<String> found = new HashSet<>();
        BlobReferences.scan(text.getBytes(StandardCharsets.UTF_8), found);
        return found;
    }

    @Test
    void whatLooksLikeAHashIsOne() {
        assertThat(scan(ONE)).containsExactly(ONE);
        assertThat(scan(ONE + ":17")).containsExactly(ONE);
        assertThat(scan("{\"model\":{\"sha256\":\"%s\",\"size\":1},\"x\":\"%s\"}".formatted(ONE, TWO)))
                .containsExactlyInAnyOrder(ONE, TWO);
    }

    @Test
    void whatIsLongerOrShorterOrInCapitalsIsNone() {
        assertThat(scan(ONE + "0")).isEmpty();
        assertThat(scan(ONE.substring(1))).isEmpty();
        assertThat(scan(ONE.toUpperCase(Locale.ROOT))).isEmpty();
        assertThat(scan("")).isEmpty();
        Set<String> none = new HashSet<>();
        BlobReferences.scan(null, none);
        assertThat(none).isEmpty();
    }
}
