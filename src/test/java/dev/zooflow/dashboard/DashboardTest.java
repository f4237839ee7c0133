package dev.zooflow.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.zooflow.experiment.UserError;
import dev.zooflow.message.Role;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The dashboard over HTTP. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DashboardTest {

    static final Surroundings SURROUNDINGS = new Surroundings() {
        @Override
        public String source() {
            return "localhost:9092";
        }

        @Override
        public Optional<Map<Role, Long>> waiting() {
            return Optional.of(Map.of(Role.TRAINER, 7L, Role.SAMPLER, 3L, Role.EVALUATOR, 0L));
        }

        @Override
        public Optional<String> problem() {
            return Optional.empty();
        }

        @Override
        public long behind() {
            return 0;
        }
    };

    private static final Pattern ASSET = Pattern.compile("(?:src|href)=\"(/[^\"]+)\"");

    private final HttpClient client = HttpClient.newHttpClient();
    private final Board board = new Board();
    private final SampleFleet fleet = new SampleFleet(1, event -> board.on(event, System.currentTimeMillis()));
    private Dashboard dashboard;

    @BeforeEach
    void start() {
        dashboard = Dashboard.start("127.0.0.1", 0, board, SURROUNDINGS);
    }

    @AfterEach
    void stop() {
        dashboard.close();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(dashboard.address()).resolve(path));
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    private JsonNode json(String path) throws IOException, InterruptedException {
        return new ObjectMapper().readTree(get(path).body());
    }

    @Test
    void thePageIsWholeAndAsksNobodyElse() throws IOException, InterruptedException {
        HttpResponse<String> page = get("/");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'", "script-src 'self'", "connect-src 'self'");
        assertThat(page.body()).doesNotContain("{{").doesNotContain("http://").doesNotContain("https://");
        List<String> assets =
                ASSET.matcher(page.body()).results().map(m -> m.group(1)).toList();
        assertThat(assets).hasSize(5);
        for (String asset : assets) {
            HttpResponse<String> file = get(asset);
            assertThat(file.statusCode()).as(asset).isEqualTo(200);
            assertThat(file.body()).as(asset).hasSizeGreaterThan(1_000);
            assertThat(file.headers().firstValue("Content-Type").orElseThrow())
                    .as(asset)
                    .startsWith(asset.endsWith(".css") ? "text/css" : "text/javascript");
        }
    }

    @Test
    void answersWithWhatTheBoardHolds() throws IOException, InterruptedException {
        fleet.fill("r", SampleFleet.sweep(20), 40);
        fleet.beat(1, Role.TRAINER, "cpu", "", 0);
        board.on(new Board.DeadLetter("t/0/1", 1, "x", "broken", false));
        assertThat(json("/api/runs").at("/data/0/run").asText()).isEqualTo("r");
        assertThat(json("/api/trials?size=5&page=2&run=r&sort=step&dir=desc").get("data"))
                .hasSize(5);
        String key = json("/api/trials").at("/data/0/key").asText();
        assertThat(json("/api/curves?metric=loss&key=" + key).get("curves")).hasSize(1);
        assertThat(json("/api/scatter").get("data")).isNotEmpty();
        assertThat(json("/api/parallel").get("data")).isNotEmpty();
        assertThat(json("/api/timeline").get("data")).isNotEmpty();
        assertThat(json("/api/workers").get("data")).hasSize(1);
        assertThat(json("/api/letters").get("data")).hasSize(1);
        JsonNode state = json("/api/state");
        assertThat(state.at("/runs/running").asInt()).isEqualTo(1);
        assertThat(state.at("/waiting/trainer").asInt()).isEqualTo(7);
        assertThat(state.get("source").asText()).isEqualTo("localhost:9092");
    }

    @Test
    void changesNothingForAnybody() throws IOException, InterruptedException {
        for (String method : List.of("POST", "PUT", "DELETE", "PATCH", "OPTIONS")) {
            HttpRequest request = request("/api/runs")
                    .method(method, HttpRequest.BodyPublishers.noBody())
                    .build();
            assertThat(client.send(request, HttpResponse.BodyHandlers.discarding())
                            .statusCode())
                    .as(method)
                    .isEqualTo(405);
        }
    }

    @Test
    void saysWhatIsWrongWithARequest() throws IOException, InterruptedException {
        HttpResponse<String> answer = get("/api/trials?size=0");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).isEqualTo("size (0) is outside [1, 200]. Maybe 25?\n");
        for (String path : List.of(
                "/nothing", "/webjars/echarts/../../../etc/passwd", "/dashboard.js/x", "/META-INF/MANIFEST.MF")) {
            assertThat(get(path).statusCode()).as(path).isEqualTo(404);
        }
    }

    @Test
    void answersToNoNameOfAStranger() throws IOException {
        assertThat(status("localhost")).isEqualTo(200);
        assertThat(status("127.0.0.1:9405")).isEqualTo(200);
        assertThat(status("stranger.example")).isEqualTo(403);
    }

    private int status(String host) throws IOException {
        URI address = URI.create(dashboard.address());
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            String request = "GET / HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n".formatted(host);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            return Integer.parseInt(in.readLine().split(" ", -1)[1]);
        }
    }

    @Test
    void tellsAnOpenPageWhatChangedWithinASecond() throws IOException, InterruptedException {
        HttpResponse<Stream<String>> events =
                client.send(request("/events").build(), HttpResponse.BodyHandlers.ofLines());
        assertThat(events.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/event-stream");
        var lines = events.body().filter(line -> line.startsWith("data:")).iterator();
        assertThat(lines.next()).contains("\"boot\"");
        for (int i = 0; i < 5; i++) {
            long start = System.nanoTime();
            fleet.train("r", "a", i, i + 1, 10);
            String expected = "\"curves\":" + (i + 1);
            while (!lines.next().contains(expected)) {
                assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(20));
            }
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
        }
    }

    @Test
    void saysWhereItCanNotListen() {
        int taken = URI.create(dashboard.address()).getPort();
        assertThatThrownBy(() -> Dashboard.start("127.0.0.1", taken, board, SURROUNDINGS))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("port (%d)".formatted(taken))
                .hasMessageContaining("Maybe");
        assertThatThrownBy(() -> Dashboard.start("no.such.host.invalid", 0, board, SURROUNDINGS))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("--host (no.such.host.invalid)");
    }
}
