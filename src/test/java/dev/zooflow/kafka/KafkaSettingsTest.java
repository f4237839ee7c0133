package dev.zooflow.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.zooflow.experiment.UserError;
import java.time.Duration;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KafkaSettingsTest {

    private static KafkaSettings create(String overrides) {
        return KafkaSettings.create(ConfigFactory.parseString(overrides)
                .withFallback(ConfigFactory.parseResources("reference.conf"))
                .resolve()
                .getConfig("zooflow"));
    }

    @Test
    void defaultsAreThoseOfTheReference() {
        assertThat(create(""))
                .isEqualTo(new KafkaSettings("", "zooflow", Duration.ofSeconds(30), 512 << 10, 256 << 20, 3, Map.of()));
    }

    @Test
    void clientSettingsPassThroughUnderTheirOwnNames() {
        KafkaSettings settings = create("""
                zooflow.kafka.bootstrap-servers = "a:9092, b:9093"
                zooflow.kafka.client { security.protocol = SASL_SSL, sasl.mechanism = PLAIN, "ssl.key.password" = 7 }
                """);

        assertThat(settings.bootstrapServers()).isEqualTo("a:9092,b:9093");
        assertThat(settings.client())
                .isEqualTo(Map.of("security.protocol", "SASL_SSL", "sasl.mechanism", "PLAIN", "ssl.key.password", "7"));
    }

    @Test
    void serversMayBeNamesAndAddresses() {
        assertThat(create("zooflow.kafka.bootstrap-servers = \"[::1]:9092,kafka.example:1,10.0.0.1:65535\"")
                        .bootstrapServers())
                .isEqualTo("[::1]:9092,kafka.example:1,10.0.0.1:65535");
    }

    @Test
    void secretsAreNotPrinted() {
        KafkaSettings settings = create("zooflow.kafka.client.sasl.jaas.config = \"password=hunter2\"");

        assertThat(settings.toString()).contains("sasl.jaas.config").doesNotContain("hunter2");
        assertThat(settings.withBootstrapServers("a:1").toString())
                .contains("a:1")
                .doesNotContain("hunter2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kafka.bootstrap-servers = nonsense | bootstrap-servers (nonsense)",
                "kafka.bootstrap-servers = \"a:9092 b:9092\" | bootstrap-servers (a:9092 b:9092)",
                "kafka.prefix = Zoo | prefix (Zoo)",
                "kafka.prefix = \"\" | prefix ()",
                "kafka.prefix = \"../x\" | prefix (../x)",
                "kafka.lock-duration = 10 ms | lock-duration (PT0.01S)",
                "kafka.lock-duration = 2 h | lock-duration (PT2H)",
                "kafka.lock-duration = soon | soon",
                "kafka.inline-limit = 2 MiB | inline-limit (2097152)",
                "kafka.inline-limit = -1 | inline-limit",
                "kafka.claim-limit = 1 KiB | claim-limit (1024)",
                "kafka.claim-limit = 3 GiB | claim-limit (3221225472)",
                "worker.max-attempts = 0 | max-attempts (0)",
                "worker.max-attempts = 10 | max-attempts (10)",
                "kafka.client = 3 | client"
            })
    void wrongValuesAreNamed(String line, String named) {
        assertThatThrownBy(() -> create("zooflow." + line))
                .asInstanceOf(InstanceOfAssertFactories.throwable(UserError.class))
                .hasMessageContaining(named)
                .extracting(UserError::exitCode)
                .isEqualTo(UserError.USAGE);
    }
}
