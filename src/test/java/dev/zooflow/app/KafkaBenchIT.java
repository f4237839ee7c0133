package dev.zooflow.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import org.junit.jupiter.api.Test;

class KafkaBenchIT {

    @Test
    void everyPartSaysItsFigures() throws Exception {
        CommandResult result = CommandResult.of("bench", "kafka", "--warm-up=0", "--steps=1", "--json");
        assertThat(result.code()).as(result.err()).isZero();
        JsonMapper mapper = JsonMapper.builder().build();
        List<String> lines = result.out().lines().toList();
        assertThat(lines).hasSize(3);
        JsonNode inline = mapper.readTree(lines.get(0));
        assertThat(inline.get("what").asText()).isEqualTo("kafka-inline");
        assertThat(inline.get("parameters").asInt()).isEqualTo(802);
        assertThat(inline.get("networks_per_second").asDouble()).isPositive();
        JsonNode claims = mapper.readTree(lines.get(1));
        assertThat(claims.get("parameters").asInt()).isBetween(2_500_000, 2_550_000);
        assertThat(claims.get("megabytes_per_second").asDouble()).isPositive();
        assertThat(claims.get("blob_store_megabytes_per_second").asDouble()).isPositive();
        JsonNode tasks = mapper.readTree(lines.get(2));
        assertThat(tasks.get("tasks").asInt()).isEqualTo(10);
        assertThat(tasks.get("median_ms").asDouble())
                .isBetween(tasks.get("min_ms").asDouble(), tasks.get("max_ms").asDouble());
    }
}
