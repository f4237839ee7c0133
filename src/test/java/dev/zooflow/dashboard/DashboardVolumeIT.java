package dev.zooflow.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.fault.Fleet;
import dev.zooflow.fault.Member;
import dev.zooflow.kafka.KafkaEventLog;
import dev.zooflow.message.Event;
import dev.zooflow.message.EventRef;
import dev.zooflow.message.FileBlobStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The dashboard of a cluster whose topics hold 2,000 trials and many metric points: ten million with {@code
 * -Ddashboard.points=5600}.
 */
@Timeout(value = 40, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DashboardVolumeIT {

    /** Of a trial that is trained to its end. */
    private static final int POINTS = Integer.getInteger("zooflow.dashboard-points", 50);

    /** More would not fit into what may wait for the brokers. */
    private static final int AT_A_TIME = 5_000;

    private static final Duration SOON = Duration.ofSeconds(1);
    /** A page that was just opened still draws. */
    private static final Duration REST = Duration.ofSeconds(2);

    private static final Duration PATIENCE = Duration.ofMinutes(20);
    private static final Logger LOG = LoggerFactory.getLogger(DashboardVolumeIT.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ExperimentSpec sweep = SampleFleet.sweep(500);
    private long points;

    @TempDir
    private Path dir;

    @Test
    void showsAnEventWithinASecond() throws IOException {
        try (Fleet fleet = Fleet.start(dir, "zooflow {}");
                KafkaEventLog log = new KafkaEventLog(fleet.kafka(), new FileBlobStore(fleet.blobs()))) {
            SampleFleet sample = fill(log);
            long begin = System.nanoTime();
            Member dashboard = fleet.process("dashboard", "--port", "0", "--bootstrap-servers", fleet.servers());
            String page = dashboard.dashboard();
            Fleet.await(
                    "all trials and points",
                    PATIENCE,
                    () -> get(page, "api/trials").get("total").asInt() == 2_000
                            && get(page, "api/state").get("behind").asLong() == 0);
            Duration reading = Duration.ofNanos(System.nanoTime() - begin);

            String flow = sweep.flows().get(499).name();
            Duration score = took(
                    () -> sample.score("sweep-3", "generated/" + flow, 0, 10, false, 0.75, 0.5),
                    () -> get(page, "api/trials?run=sweep-3&q=" + flow)
                                    .at("/data/0/accuracy_mean")
                                    .asDouble()
                            == 0.75);
            Duration point = took(
                    () -> sample.train("sweep-3", flow, 0, 1, 2),
                    () -> get(page, "api/curves?metric=loss&key=sweep-3/flow/" + flow)
                                    .at("/curves/0/points")
                                    .size()
                            == 1);
            Optional<Seen> seen = Browser.startIfThere().map(browser -> Seen.of(browser, page, sample));
            long resident = dashboard.residentMib();
            LOG.error(
                    "{} points read in {} s; a score served after {} ms, a point after {} ms; {}; the process has {} MiB",
                    points,
                    reading.toSeconds(),
                    score.toMillis(),
                    point.toMillis(),
                    seen.map(Seen::toString).orElse("no Chromium"),
                    resident);
            assertThat(score).isLessThan(SOON);
            assertThat(point).isLessThan(SOON);
            assertThat(resident).as("MiB of the process").isBetween(50L, 700L);
            seen.ifPresent(s -> {
                assertThat(s.paintMillis()).as("ms to the first paint").isLessThanOrEqualTo(1_000);
                assertThat(s.score())
                        .as("from a score's publication to its text on the page")
                        .isLessThan(SOON);
                assertThat(s.heapMib()).as("MiB of the page").isBetween(1.0, 100.0);
            });
        }
    }

    /**
     * What a browser came to that opened the page.
     *
     * @param score from the publication of a score to its text in the first row
     */
    private record Seen(double paintMillis, Duration score, double heapMib) {

        static Seen of(Browser browser, String page, SampleFleet sample) {
            try (browser) {
                browser.open(page);
                browser.until("rows", () -> browser.texts(".tabulator-row").size() == 25);
                browser.until("charts", () -> browser.texts(".chart canvas").size() >= 4);
                double paint = browser.paintMillis();
                Fleet.sleep(REST);
                // Better than all others, so that its row stays where it is.
                sample.score(
                        first(browser, "run"),
                        "generated/" + first(browser, "trial"),
                        1_000,
                        1_000_000,
                        false,
                        0.987,
                        1);
                Duration score = browser.until(
                        "the score", () -> first(browser, "accuracy_mean").equals("0.987"));
                return new Seen(paint, score, browser.heapMib());
            }
        }

        private static String first(Browser browser, String field) {
            return browser.text(".tabulator-row [tabulator-field='%s']".formatted(field));
        }

        @Override
        public String toString() {
            return "the page painted after %.0f ms, showed a score after %d ms, with %.0f MiB"
                    .formatted(paintMillis, score.toMillis(), heapMib);
        }
    }

    private SampleFleet fill(KafkaEventLog log) {
        List<CompletableFuture<EventRef>> waiting = new ArrayList<>();
        SampleFleet sample = new SampleFleet(1, event -> {
            points += event instanceof Event.MetricPoint ? 1 : 0;
            waiting.add(log.publish(event).toCompletableFuture());
            if (waiting.size() == AT_A_TIME) {
                settle(waiting);
            }
        });
        for (int run = 0; run < 4; run++) {
            sample.fill("sweep-" + run, sweep, POINTS);
        }
        settle(waiting);
        return sample;
    }

    private static void settle(List<CompletableFuture<EventRef>> waiting) {
        waiting.forEach(CompletableFuture::join);
        waiting.clear();
    }

    private static Duration took(Runnable event, BooleanSupplier shown) {
        long begin = System.nanoTime();
        event.run();
        while (!shown.getAsBoolean()) {
            assertThat(System.nanoTime() - begin).isLessThan(PATIENCE.toNanos());
        }
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    private static JsonNode get(String page, String path) {
        try (InputStream in = URI.create(page + path).toURL().openStream()) {
            return JSON.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
