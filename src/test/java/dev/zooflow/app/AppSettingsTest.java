package dev.zooflow.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zooflow.experiment.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AppSettingsTest {

    @TempDir
    private Path dir;

    private AppSettings load(String text) throws IOException {
        return AppSettings.load(Optional.of(Files.writeString(dir.resolve("s.conf"), text)));
    }

    @Test
    void defaultsAreOneThreadPerProcessorAndTheEmbeddedBroker() {
        AppSettings settings = AppSettings.load(Optional.empty());
        assertThat(settings.threads()).isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(settings.kafka().bootstrapServers()).isEmpty();
    }

    @Test
    void aFileSaysWhatDiffers() throws IOException {
        AppSettings settings = load("""
                zooflow.worker.threads = 3
                zooflow.kafka { prefix = team, client { "sasl.mechanism" = PLAIN, ssl.protocol = TLSv1.3 } }
                """);
        assertThat(settings.threads()).isEqualTo(3);
        assertThat(settings.kafka().prefix()).isEqualTo("team");
        assertThat(settings.kafka().client())
                .containsEntry("sasl.mechanism", "PLAIN")
                .containsEntry("ssl.protocol", "TLSv1.3");
    }

    @Test
    void theOptionWinsOverTheFile() throws IOException {
        AppSettings settings = load("zooflow.kafka.bootstrap-servers = \"a:1\"");
        assertThat(settings.kafka().bootstrapServers()).isEqualTo("a:1");
        AppSettings overridden = settings.withBootstrapServers(Optional.of("b:2"));
        assertThat(overridden.kafka().bootstrapServers()).isEqualTo("b:2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "zooflow.worker.threads = -1",
                "zooflow.worker.threads = many",
                "zooflow.worker.devices = []",
                "zooflow.worker.devices = [cpu, cpu]",
                "zooflow.worker.devices = [gpu]",
                "zooflow.worker.devices = [cuda:999]",
                "zooflow.worker.threds = 1",
                "zooflow.experiment.seed = 1",
                "zooflow.kafka.prefix = \"Not Allowed\"",
                "zooflow { worker"
            })
    void refusesWhatCannotBe(String wrong) {
        assertThatThrownBy(() -> load(wrong))
                .isInstanceOfSatisfying(
                        UserError.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE));
    }
}
