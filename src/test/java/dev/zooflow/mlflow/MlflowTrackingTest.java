package dev.zooflow.mlflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.typesafe.config.ConfigFactory;
import dev.zooflow.actor.InMemoryEventLog;
import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.RunId;
import dev.zooflow.experiment.UserError;
import dev.zooflow.message.BlobRef;
import dev.zooflow.message.Event;
import dev.zooflow.message.FileBlobStore;
import dev.zooflow.message.RunEvent.RunCompleted;
import dev.zooflow.message.RunEvent.RunOffered;
import dev.zooflow.message.RunEvent.RunResumed;
import dev.zooflow.message.RunEvent.RunSubmitted;
import dev.zooflow.message.RunEvent.TrialProposed;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
class MlflowTrackingTest {

    private static final RunId RUN = new RunId("r");
    private static final RunId OTHER = new RunId("s");
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Tracker.Pace PACE =
            new Tracker.Pace(Duration.ofMillis(20), Duration.ofMillis(5), Duration.ofMillis(50), LONG);
    private static final String EXPERIMENT = ExperimentFile.render(ExperimentFile.parse(
            "name = moons\nflows = [{ name = a, sigma = 0.5 }, { name = b, geometry = euclidean }]"));
    private static final String SECRET = "hunter2";

    private final InMemoryEventLog log = new InMemoryEventLog(task -> {});
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.zooflow.mlflow");
    private FakeTrackingServer server;
    private FileBlobStore blobs;

    @TempDir
    private Path dir;

    @BeforeEach
    void open() throws IOException {
        server = new FakeTrackingServer();
        blobs = new FileBlobStore(dir.resolve("blobs"));
        lines.start();
        logger.addAppender(lines);
        logger.setLevel(Level.TRACE);
        logger.setAdditive(false);
    }

    @AfterEach
    void close() {
        server.close();
        log.close();
        logger.detachAppender(lines);
        logger.setLevel(null);
        logger.setAdditive(true);
    }

    private static MlflowSettings settings(URI uri) {
        return new MlflowSettings(Optional.of(uri), "", true);
    }

    private TrackingClient server(Map<String, String> environment) {
        return new TrackingClient(new Rest(server.uri(), LONG, environment));
    }

    private MlflowTracking ofRun() {
        return MlflowTracking.ofRun(log, blobs, RUN, settings(server.uri()), () -> server(Map.of()), PACE);
    }

    private void publish(Event... events) {
        Arrays.stream(events).forEach(log::publish);
    }

    private static Event submitted(RunId run) {
        return new RunSubmitted(run, EXPERIMENT, Map.of("git-commit", "abc", "seed", "1"));
    }

    private static Event point(String stage, long step, double loss) {
        return new Event.MetricPoint(RUN, stage, 1, step, 1, 0.5, Map.of("loss", loss));
    }

    private static Event score(String group, long step, boolean last) {
        return new Event.Score(
                RUN, group, 0, step, 1, last, 8, Map.of("accuracy_mean", 0.75), Map.of("accuracy", new double[] {0.75
                }));
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private List<String> warnings() {
        return List.copyOf(lines.list).stream()
                .filter(line -> line.getLevel() == Level.WARN)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    @Test
    void aRunIsARunAndEachFlowOneBelowIt() throws Exception {
        BlobRef model = blobs.put(new byte[] {1, 2, 3});
        try (MlflowTracking tracking = ofRun()) {
            publish(submitted(RUN), point("zoo/0-40", 3, 0.5), point("flow/a", 10, 0.25), point("flow/b", 10, 0.5));
            publish(new Event.FlowCheckpoint(RUN, "a", 2, 20, 3, true, 0.25, model));
            publish(score("held-out", 0, true), score("generated/a", 10, false), score("generated/a", 20, true));
            publish(score("generated/a/steps-4", 20, true), score("generated/a+20", 20, true));
            publish(new Event.FlowLikelihood(RUN, "b", Map.of("bpd_gap", 0.5), Map.of()));
            publish(new Event.LossBarriers(RUN, "aligned", 0.5, 0.25, new double[][] {{0}}));
            publish(new Event.RunIngredients(RUN, Map.of("data-sha256", "0a1b")));
            publish(new RunCompleted(RUN, List.of("train/b"), 9));
            assertThat(tracking).isNotNull();
        }
        assertThat(server.experiments()).containsOnlyKeys("moons");
        assertThat(server.runs()).extracting(r -> r.name).containsExactlyInAnyOrder("r", "a", "b");
        FakeTrackingServer.Run run = server.run("r");
        assertThat(run.tags)
                .containsEntry("zooflow.run", "r")
                .containsEntry("mlflow.source.git.commit", "abc")
                .containsEntry("zooflow.provenance.seed", "1")
                .containsEntry("zooflow.provenance.data-sha256", "0a1b");
        assertThat(run.params)
                .containsEntry("name", "moons")
                .containsEntry("zoo.epochs", "20")
                .doesNotContainKey("flows");
        assertThat(run.keys())
                .containsExactlyInAnyOrder(
                        "zoo/0-40/loss", "held-out/accuracy_mean", "barriers/aligned/mean", "barriers/aligned/std");
        FakeTrackingServer.Run a = server.run("a");
        assertThat(a.tags).containsEntry("mlflow.parentRunId", run.id).containsEntry("zooflow.flow", "a");
        assertThat(a.params).containsEntry("sigma", "0.5").containsEntry("geometry", "geometric");
        assertThat(server.run("b").params).containsEntry("geometry", "euclidean");
        assertThat(a.metrics.stream().map(m -> m.replaceFirst(",.*", "")))
                .containsExactlyInAnyOrder(
                        "loss=0.25@10",
                        "accuracy_mean=0.75@10",
                        "accuracy_mean=0.75@20",
                        "steps-4/accuracy_mean=0.75@20",
                        "plus 20/accuracy_mean=0.75@20");
        // Times are those of the events.
        assertThat(a.metrics).contains("loss=0.25@10,1000020");
        assertThat(server.run("b").keys()).containsExactlyInAnyOrder("loss", "bpd_gap");
        assertThat(List.of(run.status, a.status, server.run("b").status))
                .containsExactly("FAILED", "FINISHED", "FAILED");
        assertThat(run.end).isEqualTo(1_000_130);
        assertThat(server.artifacts())
                .containsOnlyKeys(
                        "1/%s/artifacts/experiment.conf".formatted(run.id),
                        "1/%s/artifacts/flow.safetensors".formatted(a.id));
        assertThat(server.artifacts().get("1/%s/artifacts/flow.safetensors".formatted(a.id)))
                .containsExactly(1, 2, 3);
        assertThat(new String(
                        server.artifacts().get("1/%s/artifacts/experiment.conf".formatted(run.id)),
                        StandardCharsets.UTF_8))
                .isEqualTo(EXPERIMENT);
        assertThat(warnings()).isEmpty();
    }

    @Test
    void trialsThatWereProposedMeanwhileHaveTheirParameters() throws Exception {
        try (MlflowTracking tracking = ofRun()) {
            publish(submitted(RUN), point("flow/trial-003", 10, 0.25));
            await(() -> server.runs().size() == 2
                    && !server.run("trial-003").metrics.isEmpty());
            publish(new TrialProposed(RUN, 4, List.of(0.5), "{name=trial-004,sigma=0.125}"));
            publish(new TrialProposed(RUN, 3, List.of(0.25), "{name=trial-003,sigma=0.25}"));
            publish(score("generated/trial-004", 20, true), new RunCompleted(RUN, List.of("train/trial-004"), 9));
            assertThat(tracking).isNotNull();
        }
        assertThat(server.run("trial-003").params).containsEntry("sigma", "0.25");
        assertThat(server.run("trial-004").params).containsEntry("sigma", "0.125");
        assertThat(List.of(server.run("trial-003").status, server.run("trial-004").status))
                .containsExactly("FINISHED", "FAILED");
    }

    @Test
    void requestsKeepToTheLimits() {
        publish(submitted(RUN));
        Map<String, Double> many =
                IntStream.range(0, 50).boxed().collect(Collectors.toMap(i -> "value_" + i, i -> i + 0.5));
        for (int step = 0; step < 60; step++) {
            publish(new Event.MetricPoint(RUN, "flow/a", 1, step, 1, 0.5, many));
        }
        Map<String, String> provenance =
                IntStream.range(0, 250).boxed().collect(Collectors.toMap(i -> "data." + i, i -> "x".repeat(6_000)));
        publish(new RunSubmitted(OTHER, EXPERIMENT, provenance));
        ofRun().close();
        MlflowTracking.ofRun(log, blobs, OTHER, settings(server.uri()), () -> server(Map.of()), PACE)
                .close();
        assertThat(server.run("a").metrics).hasSize(3_000);
        assertThat(server.run("s").tags).hasSizeGreaterThan(250);
        assertThat(server.run("r").params).hasSizeGreaterThan(60);
        assertThat(warnings()).isEmpty();
    }

    @Test
    void whatIsNoNumberIsSaidSo() {
        publish(submitted(RUN), point("flow/a", 1, Double.NaN), point("flow/a", 2, Double.NEGATIVE_INFINITY));
        ofRun().close();
        assertThat(server.run("a").metrics).contains("loss=NaN@1,1000010", "loss=-Infinity@2,1000020");
    }

    @Test
    void whoeverBeginsAnewGoesOn() throws Exception {
        publish(submitted(RUN), point("flow/a", 1, 0.5), score("held-out", 0, true));
        ofRun().close();
        assertThat(server.run("r").status).isEqualTo("RUNNING");
        int before = server.values();
        publish(point("flow/a", 2, 0.25), point("flow/b", 1, 0.5));
        ofRun().close();
        assertThat(server.runs()).hasSize(3);
        assertThat(server.values()).isEqualTo(before + 2);
        publish(new RunCompleted(RUN, List.of(), 9));
        ofRun().close();
        assertThat(server.values()).isEqualTo(before + 2);
        assertThat(server.runs()).extracting(r -> r.status).containsOnly("FINISHED");
        publish(new RunResumed(RUN, 2));
        ofRun().close();
        assertThat(server.run("r").status).isEqualTo("RUNNING");
        publish(new RunCompleted(RUN, 2, List.of(RunCompleted.CANCELLED), 9));
        ofRun().close();
        assertThat(server.runs()).extracting(r -> r.status).containsOnly("KILLED");
        assertThat(server.runs()).hasSize(3);
        assertThat(warnings()).isEmpty();
    }

    @Test
    void aServerThatIsAwayIsToldLaterAndNobodyWaits() throws Exception {
        server.fail(503, 429, 500, 502, 503);
        try (MlflowTracking tracking = ofRun()) {
            publish(submitted(RUN));
            for (int step = 0; step < 3_000; step++) {
                publish(point("flow/a", step, 0.5));
            }
            // The first outage is over when all has come.
            await(() -> server.runs().size() == 2 && server.run("a").metrics.size() == 3_000);
            server.fail(503, 503);
            publish(point("flow/a", 3_000, 0.5));
            assertThat(tracking).isNotNull();
        }
        assertThat(server.run("a").metrics).hasSize(3_001);
        assertThat(server.runs()).hasSize(2);
        assertThat(warnings()).hasSize(2).allMatch(line -> line.contains("MLflow is told of run r later"));
        assertThat(warnings().get(0)).contains("503", "Maybe");
    }

    @Test
    void closingEndsThoughTheServerIsGone() {
        publish(submitted(RUN), point("flow/a", 1, 0.5));
        MlflowTracking tracking = ofRun();
        server.close();
        tracking.close(Duration.ofMillis(300));
        assertThat(warnings()).anyMatch(line -> line.contains("MLflow was not told of all of run r"));
    }

    @Test
    void aRefusalIsSaidOnceAndTheAddressIsNowhere() throws Exception {
        URI uri = URI.create(
                "http://me:%s@127.0.0.1:%d".formatted(SECRET, server.uri().getPort()));
        server.fail(403);
        try (MlflowTracking tracking = MlflowTracking.ofRun(
                log, blobs, RUN, settings(uri), () -> new TrackingClient(new Rest(uri, LONG, Map.of())), PACE)) {
            publish(submitted(RUN), point("flow/a", 1, 0.5));
            await(() -> !warnings().isEmpty());
            publish(point("flow/a", 2, 0.5));
            assertThat(tracking).isNotNull();
        }
        assertThat(warnings()).singleElement().asString().contains("MLflow is not told of run r", "403", "Maybe");
        assertThat(server.requests()).hasSize(1);
        assertThat(server.authorizations()).containsExactly("Basic bWU6aHVudGVyMg==");
        assertThat(lines.list).noneMatch(line -> line.getFormattedMessage().contains(SECRET));
        assertThat(lines.list).allMatch(line -> line.getThrowableProxy() == null);
        assertThat(settings(uri).toString()).doesNotContain(SECRET);
    }

    @Test
    void redirectionsAreNotFollowed() {
        server.fail(302);
        publish(submitted(RUN));
        ofRun().close();
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void credentialsAreThoseOfMlflowsOwnClients() throws Exception {
        server(Map.of("MLFLOW_TRACKING_TOKEN", "t")).experiment("x");
        server(Map.of(
                        "MLFLOW_TRACKING_TOKEN",
                        "t",
                        "MLFLOW_TRACKING_USERNAME",
                        "me",
                        "MLFLOW_TRACKING_PASSWORD",
                        SECRET))
                .experiment("x");
        server(Map.of()).experiment("x");
        assertThat(server.authorizations()).containsExactly("Bearer t", "Bearer t", "Basic bWU6aHVudGVyMg==", "");
    }

    @Test
    void artefactsThatTheServerDoesNotProxyAreLeftOut() throws Exception {
        server.artifactRoot("s3://bucket/");
        publish(submitted(RUN), new Event.FlowCheckpoint(RUN, "a", 2, 20, 3, true, 0.25, blobs.put(new byte[] {1})));
        ofRun().close();
        assertThat(server.artifacts()).isEmpty();
        assertThat(server.run("r").params).isNotEmpty();
        assertThat(warnings()).singleElement().asString().contains("s3: …", "--serve-artifacts");
    }

    @Test
    void aCheckpointThatIsLostIsLeftOut() {
        publish(submitted(RUN), new Event.FlowCheckpoint(RUN, "a", 2, 20, 3, true, 0.25, BlobRef.of(new byte[] {1})));
        publish(new RunCompleted(RUN, List.of(), 9));
        ofRun().close();
        assertThat(server.run("r").status).isEqualTo("FINISHED");
        assertThat(warnings()).singleElement().asString().contains("flow.safetensors of run r is not uploaded");
    }

    @Test
    void theReportIsUploadedToARunThatIsKnown() throws Exception {
        Path report = Files.writeString(dir.resolve("report.html"), "<html>");
        MlflowTracking.upload(server(Map.of()), settings(server.uri()), RUN, "moons", List.of(report));
        assertThat(warnings())
                .singleElement()
                .asString()
                .contains("the report of run r is not in MLflow", "does not know");
        publish(submitted(RUN));
        ofRun().close();
        MlflowTracking.upload(server(Map.of()), settings(server.uri()), RUN, "moons", List.of(report));
        assertThat(server.artifacts()).containsKey("1/%s/artifacts/report.html".formatted(server.run("r").id));
        assertThat(warnings()).hasSize(1);
    }

    @Test
    void aFleetTellsOfTheRunsThatWereLeftToItAndAreNotLongOver() throws Exception {
        RunId old = new RunId("old");
        publish(submitted(RUN), new RunOffered(RUN), submitted(OTHER));
        publish(submitted(old), new RunOffered(old), new RunCompleted(old, List.of(), 9));
        Clock later = Clock.fixed(Instant.ofEpochMilli(1_000_060).plus(Duration.ofHours(1)), ZoneOffset.UTC);
        try (MlflowTracking tracking =
                MlflowTracking.ofFleet(log, blobs, settings(server.uri()), () -> server(Map.of()), PACE, later)) {
            await(() -> !server.runs().isEmpty());
            publish(new RunOffered(OTHER), point("flow/a", 1, 0.5));
            await(() -> server.runs().size() == 3);
            assertThat(tracking).isNotNull();
        }
        assertThat(server.runs()).extracting(r -> r.name).containsExactlyInAnyOrder("r", "s", "a");
    }

    @Test
    void switchedOffNothingIsSent() {
        MlflowSettings off = new MlflowSettings(Optional.empty(), "", true);
        publish(submitted(RUN));
        MlflowTracking.ofRun(log, blobs, RUN, off).close();
        MlflowTracking.ofFleet(log, blobs, off).close();
        MlflowTracking.upload(off, RUN, "moons", List.of());
        assertThat(server.requests()).isEmpty();
        assertThat(off.enabled()).isFalse();
    }

    @Test
    void whatTheServerWillNotHaveIsLeftOutAndTheRestIsTaken() throws Exception {
        publish(submitted(RUN));
        try (MlflowTracking tracking = ofRun()) {
            await(() -> server.requests().contains("POST mlflow/runs/log-batch"));
            await(() -> !server.run("r")
                    .tags
                    .getOrDefault("zooflow.position.runs", "")
                    .isEmpty());
            server.fail(400);
            publish(score("held-out", 0, true));
            await(() -> !warnings().isEmpty());
            publish(score("train", 0, true));
            assertThat(tracking).isNotNull();
        }
        assertThat(server.run("r").keys()).containsExactly("train/accuracy_mean");
        assertThat(warnings()).singleElement().asString().contains("left out", "400");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost:5000",
                "ftp://h/x",
                "databricks",
                "file:/tmp/mlruns",
                "http://h/?a=hunter2",
                "http:// "
            })
    void anAddressThatIsNoneIsNotShown(String uri) {
        assertThatThrownBy(() -> MlflowSettings.create(
                        ConfigFactory.parseMap(Map.of("tracking-uri", uri, "experiment", "", "artifacts", true))))
                .isInstanceOf(UserError.class)
                .hasMessageContainingAll("mlflow.tracking-uri", "Maybe http://localhost:5000")
                .hasMessageNotContaining(SECRET);
    }

    @Test
    void aSlashAtTheEndIsNoMatter() {
        MlflowSettings settings = MlflowSettings.create(ConfigFactory.parseMap(
                Map.of("tracking-uri", " https://h/mlflow// ", "experiment", "mine", "artifacts", false)));
        assertThat(settings).isEqualTo(new MlflowSettings(Optional.of(URI.create("https://h/mlflow")), "mine", false));
    }

    @Test
    void namesAreOnesThatMlflowTakes() {
        assertThat(MlflowNames.key("soup-16+5/a:b")).isEqualTo("soup-16 plus 5/a_b");
        assertThat(MlflowNames.key("k".repeat(300))).hasSize(250);
        assertThat(MlflowNames.param("v".repeat(7_000))).hasSize(6_000);
        assertThat(MlflowNames.key("zoo/0-40/loss")).isEqualTo("zoo/0-40/loss");
    }
}
