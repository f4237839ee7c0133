package dev.zooflow.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.RunId;
import dev.zooflow.message.Event;
import dev.zooflow.message.Event.MetricPoint;
import dev.zooflow.message.Role;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The page in a real browser, after 10 million metric points of 2,000 trials. */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DashboardBrowserIT {

    private static final Duration SOON = Duration.ofSeconds(1);
    private static final ExperimentSpec SWEEP = SampleFleet.sweep(500);
    private static final Board BOARD = new Board();
    private static final SampleFleet FLEET = new SampleFleet(1, DashboardBrowserIT::take);
    /** Of a trial that is trained to its end. */
    private static final int POINTS = 5_600;

    private static final double MIB = 1024.0 * 1024;

    private static Browser browser;
    private static Dashboard dashboard;
    private static long points;
    private static double boardMib;

    private static void take(Event event) {
        points += event instanceof MetricPoint ? 1 : 0;
        BOARD.on(event, System.currentTimeMillis());
    }

    private static double heapMib() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / MIB;
    }

    @BeforeAll
    static void start() {
        browser = Browser.start();
        double before = heapMib();
        for (int run = 0; run < 4; run++) {
            FLEET.fill("sweep-" + run, SWEEP, POINTS);
        }
        boardMib = heapMib() - before;
        FLEET.beat(1, Role.TRAINER, "cuda:0", "sweep-0/train/x", 10);
        dashboard = Dashboard.start("127.0.0.1", 0, BOARD, DashboardTest.SURROUNDINGS);
    }

    @AfterAll
    static void stop() {
        if (browser != null) {
            browser.close();
        }
        if (dashboard != null) {
            dashboard.close();
        }
    }

    private static void open() {
        browser.open(dashboard.address());
        browser.until("rows", () -> browser.texts(".tabulator-row").size() > 20);
    }

    private static Object first(String field) {
        return browser.texts(".tabulator-row [tabulator-field='" + field + "']").get(0);
    }

    @Test
    void paintsWithinASecondAndWithoutComplaint() {
        // Another test takes the server away: an empty page asks it for nothing, and what was logged till then is read.
        browser.open("about:blank");
        browser.errors();
        open();
        assertThat(browser.number("performance.getEntriesByName('first-contentful-paint')[0].startTime"))
                .isLessThan(1_000);
        browser.until("charts", () -> browser.number("document.querySelectorAll('.chart canvas').length") >= 4);
        assertThat(browser.text("#matches")).isEqualTo("2,000 trials");
        assertThat(browser.number("document.querySelectorAll('.tabulator-row').length"))
                .isEqualTo(25);
        assertThat(browser.errors()).isEmpty();
        assertThat(browser.run("return performance.getEntriesByType('resource').map(e => new URL(e.name).host)"))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                .containsOnly(URI.create(dashboard.address()).getAuthority());
    }

    @Test
    void tenMillionPointsTakeBoundedMemory() {
        assertThat(points).isGreaterThan(10_000_000);
        // Two metrics of 2,000 trials, 512 points of 16 bytes each, are 31 MiB.
        assertThat(boardMib).as("MiB of the board").isBetween(5.0, 100.0);
        open();
        browser.until("charts", () -> browser.number("document.querySelectorAll('.chart canvas').length") >= 4);
        assertThat(browser.number("performance.memory.usedJSHeapSize") / MIB)
                .as("MiB of the page")
                .isBetween(1.0, 100.0);
    }

    @Test
    void showsWhatHappensWithinASecond() {
        open();
        double before = Double.parseDouble(browser.text("[data-tile=letters]"));
        BOARD.on(new Board.DeadLetter("t/0/" + (int) before, 1, "x", "broken", false));
        Duration took =
                browser.until("the letter", () -> Double.parseDouble(browser.text("[data-tile=letters]")) > before);
        assertThat(took).isLessThan(SOON);
        browser.until("its row", () -> browser.text(".letters tbody").contains("t/0/" + (int) before));
    }

    @Test
    void aScoreReachesItsRowWithinASecond() {
        open();
        String trial = String.valueOf(first("trial"));
        String run = String.valueOf(first("run"));
        assertThat(first("accuracy_mean")).isNotEqualTo("0.987");
        // Better than all others, so that its row stays where it is.
        FLEET.score(run, "generated/" + trial, 1_000, 1_000_000, false, 0.987, 1);
        Duration took = browser.until("the score", () -> first("accuracy_mean").equals("0.987"));
        assertThat(took).isLessThan(SOON);
        assertThat(List.of(first("trial"), first("run"))).containsExactly(trial, run);
    }

    @Test
    void aMetricPointReachesItsCurveWithinASecond() {
        open();
        RunId run = new RunId(String.valueOf(first("run")));
        String stage = "flow/" + first("trial");
        String last = "echarts.getInstanceByDom(document.querySelector('[data-chart=curves]'))?.getOption().series"
                + ".find(s => s.id === '%s/%s')?.data.at(-1)[1]".formatted(run, stage);
        browser.until("the curve", () -> browser.number(last) < 10);
        take(new MetricPoint(run, stage, 1, 2_000_000, 1_800, 0.99, Map.of("loss", 12.5)));
        assertThat(browser.until("the point", () -> browser.number(last) == 12.5))
                .isLessThan(SOON);
    }

    @Test
    void sortsAndFiltersByTheKeyboard() {
        open();
        browser.find("[tabulator-field='accuracy_mean'] button").sendKeys(org.openqa.selenium.Keys.ENTER);
        browser.until(
                "sorted",
                () -> "descending"
                        .equals(
                                browser.run(
                                        "return document.querySelector('.tabulator-col[tabulator-field=accuracy_mean]').ariaSort")));
        browser.until("in order", () -> Double.parseDouble(String.valueOf(first("accuracy_mean"))) > 0.9);
        List<Double> values = browser.texts(".tabulator-row [tabulator-field='accuracy_mean']").stream()
                .map(v -> Double.valueOf(String.valueOf(v)))
                .toList();
        assertThat(values).isSortedAccordingTo(java.util.Comparator.reverseOrder());
        browser.find("input[name=q]").sendKeys("backbone.width=64");
        browser.until("filtered", () -> !browser.text("#matches").equals("2,000 trials"));
        browser.until(
                "the rows",
                () -> browser.texts(".tabulator-row [tabulator-field='trial']").stream()
                        .allMatch(name -> String.valueOf(name).contains("width-64")));
        browser.find("form button[type=reset]").click();
        browser.until("all again", () -> browser.text("#matches").equals("2,000 trials"));
    }

    @Test
    void hasLandmarksLabelsAndALiveRegion() {
        open();
        assertThat(browser.all("header, nav[aria-label], main, section[aria-labelledby]"))
                .hasSize(10);
        assertThat(browser.run("return [...document.querySelectorAll('section')].every("
                        + "s => document.getElementById(s.getAttribute('aria-labelledby')))"))
                .isEqualTo(true);
        assertThat(browser.number("[...document.querySelectorAll('form input, form select, #metric, #against, #log')]"
                        + ".filter(e => !e.labels.length).length"))
                .isZero();
        assertThat(browser.all("[aria-live=polite][role=status]")).isNotEmpty();
        browser.tab();
        assertThat(browser.run("return document.activeElement.className")).isEqualTo("skip");
        browser.find(".mark-button").click();
        browser.until("told", () -> browser.text("#live").contains("1 trial marked"));
        assertThat(browser.find(".mark-button").getAttribute("aria-pressed")).isEqualTo("true");
    }

    @Test
    void isDarkWhereTheSystemIs() {
        open();
        browser.scheme("dark");
        browser.until(
                "dark",
                () -> "rgb(15, 18, 23)".equals(browser.run("return getComputedStyle(document.body).backgroundColor")));
        browser.scheme("light");
        browser.until(
                "light",
                () -> "rgb(246, 247, 249)"
                        .equals(browser.run("return getComputedStyle(document.body).backgroundColor")));
    }

    @Test
    void findsTheServerAgain() {
        open();
        browser.until("live", () -> browser.text("#connection").equals("live"));
        int port = URI.create(dashboard.address()).getPort();
        dashboard.close();
        browser.until("lost", () -> browser.text("#connection").contains("lost"));
        dashboard = Dashboard.start("127.0.0.1", port, BOARD, DashboardTest.SURROUNDINGS);
        browser.until("live again", () -> browser.text("#connection").equals("live"));
    }
}
