package dev.zooflow.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zooflow.experiment.UserError;
import dev.zooflow.notify.Kind;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
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
                "zooflow { worker",
                "zooflow.health.port = 70000",
                "zooflow.health.host = \"\"",
                "zooflow.notify.on = [late]",
                "zooflow.notify.max-age = 0 s"
            })
    void refusesWhatCannotBe(String wrong) {
        assertThatThrownBy(() -> load(wrong))
                .isInstanceOfSatisfying(
                        UserError.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE));
    }

    @Test
    void theEndpointAndNoticesAreOffUnlessAskedFor() throws IOException {
        AppSettings defaults = AppSettings.load(Optional.empty());
        assertThat(defaults.health().enabled()).isFalse();
        assertThat(defaults.health().host()).isEqualTo("127.0.0.1");
        assertThat(defaults.notices().enabled()).isFalse();
        AppSettings settings = load("zooflow { health.port = 9404, notify { command = [page], on = [stuck] } }");
        assertThat(settings.health().port()).isEqualTo(9404);
        assertThat(settings.notices().command()).containsExactly("page");
        assertThat(settings.notices().on()).containsExactly(Kind.STUCK);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "zooflow.notify.webhook = \"gopher://hunter2\"",
                "zooflow.notify.webhook = \"http://hunter2 x\"",
                "zooflow.notify.webhok = \"https://hunter2\"",
                "zooflow.notify = \"https://hunter2\"",
                "zooflow.notify.webhook { a = hunter2 }",
                "zooflow.notify.on = \"hunter2\""
            })
    void theWebhookIsInNoError(String wrong) {
        assertThatThrownBy(() -> load(wrong))
                .isInstanceOf(UserError.class)
                .satisfies(e -> assertThat(stackTrace(e)).contains("notify").doesNotContain("hunter2"));
    }

    private static String stackTrace(Throwable e) {
        StringWriter out = new StringWriter();
        e.printStackTrace(new PrintWriter(out));
        return out.toString();
    }
}
