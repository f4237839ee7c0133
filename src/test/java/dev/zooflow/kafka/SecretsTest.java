package dev.zooflow.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.typesafe.config.ConfigFactory;
import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.Provenance;
import dev.zooflow.experiment.UserError;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Passwords of Kafka's clients reach the clients and nothing else: no log, no error, no provenance. */
class SecretsTest {

    private static final String SECRET = "hunter2";

    private static KafkaSettings settings(String protocol) {
        return KafkaSettings.create(ConfigFactory.parseString("""
                        zooflow.kafka {
                          bootstrap-servers = "127.0.0.1:9"
                          client {
                            security.protocol = %s, sasl.mechanism = PLAIN, ssl.truststore.password = hunter2
                            "sasl.jaas.config" = "org.apache.kafka.common.security.plain.PlainLoginModule required username=u password=hunter2;"
                          }
                        }
                        """.formatted(protocol))
                .withFallback(ConfigFactory.parseResources("reference.conf"))
                .resolve()
                .getConfig("zooflow"));
    }

    @Test
    void areNeverLoggedNorPublished() {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Logger kafka = (Logger) LoggerFactory.getLogger("org.apache.kafka");
        Level before = kafka.getLevel();
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        root.addAppender(lines);
        kafka.setLevel(Level.INFO);
        try {
            KafkaSettings settings = settings("SASL_PLAINTEXT");
            new KafkaClients(settings).producer().close();
            new KafkaClients(settings).consumer().close();
            new KafkaClients(settings).admin().close();
            assertThat(settings.toString()).doesNotContain(SECRET);
        } finally {
            root.detachAppender(lines);
            kafka.setLevel(before);
        }
        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .anyMatch(l -> l.contains("sasl.mechanism"));
        assertThat(lines.list).extracting(ILoggingEvent::getFormattedMessage).noneMatch(l -> l.contains(SECRET));
        assertThat(Provenance.collect(ExperimentFile.parse("name = x")).toString())
                .doesNotContain(SECRET);
    }

    @Test
    void areNotInTheErrorOfASettingThatKafkaRefuses() {
        assertThatThrownBy(() -> new KafkaClients(settings("NONSENSE")).admin())
                .isInstanceOf(UserError.class)
                .hasMessageContaining("NONSENSE")
                .hasMessageNotContaining(SECRET);
    }
}
