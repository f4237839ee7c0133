package dev.zooflow.notify;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.zooflow.experiment.RunId;
import dev.zooflow.message.Event;
import dev.zooflow.message.Role;
import dev.zooflow.message.RunEvent;
import dev.zooflow.message.RunEvent.RunCompleted;
import dev.zooflow.message.TaskEvent.TaskFailed;
import dev.zooflow.message.TaskEvent.TaskStuck;
import dev.zooflow.message.Topic;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class NotifierTest {

    private static final RunId RUN = new RunId("r");
    private static final RunId OTHER = new RunId("s");
    private static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(1_000_000), ZoneOffset.UTC);
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Notifier.Pace PACE = new Notifier.Pace(LONG, Duration.ofMillis(1), LONG);
    private static final String SECRET = "hunter2";

    private final ListLog log = new ListLog();
    private final List<JsonNode> posted = Collections.synchronizedList(new ArrayList<>());
    private final List<Integer> answers = Collections.synchronizedList(new ArrayList<>());
    private HttpServer server;

    @TempDir
    private Path dir;

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/" + SECRET, exchange -> {
            try (exchange) {
                posted.add(new ObjectMapper().readTree(exchange.getRequestBody()));
                exchange.getResponseHeaders().set("Location", "/elsewhere");
                exchange.sendResponseHeaders(answers.isEmpty() ? 204 : answers.remove(0), -1);
            }
        });
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    private NotifySettings settings(Kind... on) {
        URI webhook = URI.create(
                "http://127.0.0.1:%d/%s".formatted(server.getAddress().getPort(), SECRET));
        return new NotifySettings(Optional.of(webhook), List.of(), Set.of(on), Duration.ofHours(1));
    }

    private Notifier ofRun(NotifySettings settings) {
        return Notifier.ofRun(log, RUN, settings, PACE, CLOCK);
    }

    private Notifier ofFleet() {
        return Notifier.ofFleet(log, settings(Kind.values()), PACE, CLOCK);
    }

    private void publish(Event... events) {
        Arrays.stream(events).forEach(log::publish);
    }

    private static Event givenUp(RunId run, String task) {
        return new TaskFailed(run, task, Role.TRAINER, 3, "w", "loss is \"NaN\"", true);
    }

    private static Event stuck(int attempt) {
        return new TaskStuck(RUN, "train/b", Role.TRAINER, attempt, "w", 301.5);
    }

    private List<String> ids() {
        return posted.stream().map(n -> n.get("id").asText()).toList();
    }

    private List<String> told() {
        return log.events().stream()
                .filter(RunEvent.RunNotified.class::isInstance)
                .map(e -> e.run() + "/" + ((RunEvent.RunNotified) e).about())
                .toList();
    }

    @Test
    void eachEventIsPostedOnceAndThatStandsInTheLog() {
        try (Notifier notifier = ofRun(settings(Kind.values()))) {
            publish(givenUp(RUN, "train/a"), stuck(1), stuck(1), stuck(2));
            publish(new TaskFailed(RUN, "train/c", Role.TRAINER, 1, "w", "again", false));
            publish(new RunCompleted(RUN, List.of("train/a"), 9));
            assertThat(notifier).isNotNull();
        }
        assertThat(ids())
                .containsExactly("r/train/a/failed/3", "r/train/b/stuck/1", "r/train/b/stuck/2", "r/completed");
        assertThat(told()).isEqualTo(ids());
        assertThat(posted.get(0))
                .isEqualTo(new ObjectMapper()
                        .createObjectNode()
                        .put("id", "r/train/a/failed/3")
                        .put("run", "r")
                        .put("kind", "failed")
                        .put("task", "train/a")
                        .put("reason", "loss is \"NaN\"")
                        .put("time", "1970-01-01T00:16:40Z")
                        .put("text", "zooflow: r, train/a: failed: loss is \"NaN\""));
        assertThat(posted.get(1).get("reason").asText()).contains("attempt 1 on w", "302 s");
        assertThat(posted.get(3).get("reason").asText()).isEqualTo("failed: train/a");
    }

    @Test
    void whoeverBeginsAnewTellsOnlyTheRest() {
        publish(givenUp(RUN, "train/a"), new RunEvent.RunNotified(RUN, "train/a/failed/3"), stuck(1));
        ofRun(settings(Kind.values())).close();
        assertThat(ids()).containsExactly("r/train/b/stuck/1");
        ofRun(settings(Kind.values())).close();
        assertThat(ids()).containsExactly("r/train/b/stuck/1");
    }

    @Test
    void whatNobodyAskedForIsNotTold() {
        publish(givenUp(RUN, "train/a"), stuck(1));
        publish(new RunCompleted(RUN, 1, List.of(RunCompleted.CANCELLED), 9));
        publish(new RunCompleted(RUN, 2, List.of(RunCompleted.INTERRUPTED), 9));
        publish(new RunCompleted(RUN, 3, List.of(), 9));
        ofRun(settings(Kind.DONE)).close();
        assertThat(ids()).containsExactly("r/completed/3");
    }

    @Test
    void whatHappenedLongAgoIsNotTold() {
        log.millis(1_000_000 - Duration.ofMinutes(61).toMillis());
        publish(givenUp(RUN, "train/a"));
        log.millis(1_000_000 - Duration.ofMinutes(59).toMillis());
        publish(stuck(1));
        ofRun(settings(Kind.values())).close();
        assertThat(ids()).containsExactly("r/train/b/stuck/1");
    }

    @Test
    void aFleetTellsOfTheRunsThatWereLeftToIt() {
        publish(new RunEvent.RunOffered(RUN), givenUp(RUN, "train/a"), givenUp(OTHER, "train/a"));
        try (Notifier notifier = ofFleet()) {
            publish(givenUp(OTHER, "train/b"), givenUp(RUN, "train/b"));
            assertThat(notifier).isNotNull();
        }
        assertThat(ids()).containsExactly("r/train/a/failed/3", "r/train/b/failed/3");
        ofFleet().close();
        assertThat(posted).hasSize(2);
    }

    @Test
    void whatIsNotTakenIsTriedThreeTimesAndTheAddressIsNowhere() {
        Logger logger = (Logger) LoggerFactory.getLogger("dev.zooflow.notify");
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.addAppender(lines);
        logger.setLevel(Level.TRACE);
        logger.setAdditive(false);
        answers.addAll(List.of(500, 302, 404, 503, 200));
        NotifySettings settings = settings(Kind.values());
        try (Notifier notifier = ofRun(settings)) {
            publish(stuck(1), stuck(2));
            assertThat(notifier).isNotNull();
        }
        server.stop(0);
        try (Notifier notifier = ofRun(settings)) {
            publish(stuck(3));
            assertThat(notifier).isNotNull();
        } finally {
            logger.detachAppender(lines);
            logger.setLevel(null);
            logger.setAdditive(true);
        }
        assertThat(ids())
                .containsExactly(
                        "r/train/b/stuck/1",
                        "r/train/b/stuck/1",
                        "r/train/b/stuck/1",
                        "r/train/b/stuck/2",
                        "r/train/b/stuck/2");
        assertThat(told()).containsExactly("r/train/b/stuck/1", "r/train/b/stuck/2", "r/train/b/stuck/3");
        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .contains("notice r/train/b/stuck/1 by webhook, try 2 of 3: the webhook answered 302")
                .anyMatch(line -> line.contains("r/train/b/stuck/3 by webhook, try 3 of 3"))
                .noneMatch(line -> line.contains(SECRET));
        assertThat(lines.list).allMatch(line -> line.getThrowableProxy() == null);
        assertThat(settings.toString()).doesNotContain(SECRET);
        assertThat(log.events().toString()).doesNotContain(SECRET);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aCommandReadsTheSame() throws IOException {
        Path out = dir.resolve("out");
        List<String> command = List.of("/bin/sh", "-c", "cat >> \"$1\"; exit 3", "page", out.toString());
        NotifySettings settings =
                new NotifySettings(Optional.empty(), command, Set.of(Kind.values()), Duration.ofHours(1));
        publish(stuck(1));
        ofRun(settings).close();
        List<String> lines = Files.readAllLines(out);
        assertThat(lines).hasSize(3).containsOnly(lines.get(0));
        assertThat(new ObjectMapper().readTree(lines.get(0)).get("id").asText()).isEqualTo("r/train/b/stuck/1");
        assertThat(told()).containsExactly("r/train/b/stuck/1");
    }

    @Test
    void switchedOffItReadsNothing() {
        publish(stuck(1));
        NotifySettings off =
                new NotifySettings(Optional.empty(), List.of(), Set.of(Kind.values()), Duration.ofHours(1));
        ofRun(off).close();
        assertThat(told()).isEmpty();
    }

    @Test
    void closingEndsWhenTheBrokersAreGone() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        Notifier notifier = ofRun(settings(Kind.values()));
        log.beforeReplay(() -> {
            try {
                gone.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        Thread closing = new Thread(() -> notifier.close(Duration.ofMillis(100)));
        closing.setDaemon(true);
        closing.start();
        closing.join(Duration.ofMinutes(1).toMillis());
        assertThat(closing.isAlive()).isFalse();
        gone.countDown();
    }

    @Test
    void whatDoesNotFitStaysDue() {
        Desk desk = new Desk(settings(Kind.values()), false);
        publish(stuck(1), stuck(2), stuck(3));
        log.replayAll(Topic.RUNS, desk::on);
        assertThat(desk.take(CLOCK.instant(), 2)).hasSize(2);
        assertThat(desk.take(CLOCK.instant(), 2))
                .singleElement()
                .satisfies(n -> assertThat(n.about()).isEqualTo("train/b/stuck/3"));
    }

    @Test
    void whatWaitsOfWithdrawnRunsIsNotDelivered() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch open = new CountDownLatch(1);
        List<String> delivered = Collections.synchronizedList(new ArrayList<>());
        Channel slow = notice -> {
            begun.countDown();
            open.await();
            delivered.add(notice.id());
        };
        publish(stuck(1), stuck(2), givenUp(OTHER, "train/a"));
        List<Notice> notices = new ArrayList<>();
        log.replayAll(Topic.RUNS, r -> Notice.of(r).ifPresent(notices::add));
        Courier courier = new Courier(List.of(slow), Duration.ofMillis(1), notice -> {});
        notices.forEach(courier::send);
        begun.await();
        courier.forget(RUN::equals);
        open.countDown();
        courier.close(LONG);
        assertThat(delivered).containsExactly("r/train/b/stuck/1", "s/train/a/failed/3");
    }
}
