package dev.zooflow.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zooflow.experiment.UserError;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HealthServerTest {

    private static final String LOOPBACK = "127.0.0.1";

    private final Figures figures = new Figures(() -> 77);
    private final HealthServer server = HealthServer.start(LOOPBACK, 0, figures::scrape);
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(30)).build();

    @AfterEach
    void close() {
        server.close();
        figures.close();
    }

    private HttpResponse<String> ask(String method, String path) throws Exception {
        URI uri = URI.create("http://%s:%d%s".formatted(LOOPBACK, server.port(), path));
        HttpRequest request = HttpRequest.newBuilder(uri)
                .timeout(Duration.ofSeconds(30))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void saysWhetherAllIsInOrderAndWhatIsNot() throws Exception {
        AtomicReference<Optional<String>> first = new AtomicReference<>(Optional.empty());
        server.require(first::get);
        server.require(Optional::empty);
        assertThat(ask("GET", "/healthz").statusCode()).isEqualTo(200);
        assertThat(ask("GET", "/healthz").body()).isEqualTo("ok\n");
        first.set(Optional.of("brokers: gone"));
        server.require(() -> Optional.of("an actor gave up"));
        HttpResponse<String> sick = ask("GET", "/healthz");
        assertThat(sick.statusCode()).isEqualTo(503);
        assertThat(sick.body().lines()).containsExactly("brokers: gone", "an actor gave up");
    }

    @Test
    void metricsAreOfTheProcessInPrometheusFormat() throws Exception {
        HttpResponse<String> metrics = ask("GET", "/metrics");
        assertThat(metrics.statusCode()).isEqualTo(200);
        assertThat(metrics.headers().firstValue("Content-Type")).hasValue("text/plain; version=0.0.4; charset=utf-8");
        assertThat(metrics.body().lines())
                .contains("process_resident_memory_bytes %s".formatted(Double.toString(77.0 * (1 << 20))))
                .anyMatch(line -> line.startsWith("jvm_memory_used_bytes{"))
                .anyMatch(line -> line.startsWith("jvm_threads_live_threads "))
                .anyMatch(line -> line.startsWith("process_cpu_usage "))
                .anyMatch(line -> line.startsWith("zooflow_publish_retries_total "))
                .anyMatch(line -> line.startsWith("zooflow_events_lag "));
    }

    @Test
    void nothingElseIsAnswered() throws Exception {
        assertThat(ask("GET", "/").statusCode()).isEqualTo(404);
        assertThat(ask("GET", "/healthz/../metrics/x").statusCode()).isEqualTo(404);
        assertThat(ask("POST", "/healthz").statusCode()).isEqualTo(405);
    }

    @Test
    void aCheckThatFailsIsNoGoodHealth() throws Exception {
        server.require(() -> {
            throw new IllegalStateException("secret detail");
        });
        HttpResponse<String> answer = ask("GET", "/healthz");
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).isEqualTo("IllegalStateException\n");
    }

    @Test
    void aPortThatIsTakenIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> HealthServer.start(LOOPBACK, taken.getLocalPort(), () -> ""))
                    .isInstanceOf(UserError.class)
                    .hasMessageContainingAll("health.port (%d)".formatted(taken.getLocalPort()), "Maybe");
        }
    }

    @Test
    void aHostThatIsNoneIsNamed() {
        assertThatThrownBy(() -> HealthServer.start("not a host", 0, () -> ""))
                .isInstanceOf(UserError.class)
                .hasMessageContainingAll("health.host (not a host)", "Maybe");
    }
}
