package dev.zooflow.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.RunId;
import dev.zooflow.message.Event;
import dev.zooflow.message.Event.MetricPoint;
import dev.zooflow.message.Role;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openqa.selenium.Keys;

/** The page in a real browser, after 10 million metric points of 2,000 trials. */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DashboardBrowserIT {

    private static final Duration SOON = Duration.ofSeconds(1);
    private static final ExperimentSpec SWEEP = SampleFleet.sweep(500);
    private static final Board BOARD = new Board();
    private static final SampleFleet FLEET = new SampleFleet(1, DashboardBrowserIT::take);
    /** Of a trial that is trained to its end. */
    private static final int POINTS = 5_600;
    /** Trials of a run that were begun; all of them were scored. */
    private static final int BEGUN = 476;

    private static final List<String> CHARTS = List.of("curves", "scatter", "parallel", "timeline");

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
        // Columns of settings are there once the first rows told of them, and all is drawn again.
        browser.until(
                "rows",
                () -> browser.texts(".tabulator-row [tabulator-field='p.geometry']")
                                .size()
                        > 20);
    }

    private static Object first(String field) {
        return browser.texts(".tabulator-row [tabulator-field='" + field + "']").get(0);
    }

    private static String firstKey() {
        return "%s/flow/%s".formatted(first("run"), first("trial"));
    }

    @Test
    void paintsWithinASecondAndWithoutComplaint() {
        // Another test takes the server away: an empty page asks it for nothing, and what was logged till then is read.
        browser.open("about:blank");
        browser.errors();
        open();
        assertThat(browser.paintMillis()).isLessThan(1_000);
        browser.until("charts", () -> browser.number("document.querySelectorAll('.chart canvas').length") >= 4);
        assertThat(browser.text("#matches")).isEqualTo("2,000 trials");
        assertThat(browser.number("document.querySelectorAll('.tabulator-row').length"))
                .isEqualTo(25);
        assertThat(browser.errors()).isEmpty();
        assertThat(browser.run("return performance.getEntriesByType('resource').map(e => new URL(e.name).host)"))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .containsOnly(URI.create(dashboard.address()).getAuthority());
    }

    @Test
    void tenMillionPointsTakeBoundedMemory() {
        assertThat(points).isGreaterThan(10_000_000);
        // Two metrics of 2,000 trials, 512 points of 16 bytes each, are 31 MiB.
        assertThat(boardMib).as("MiB of the board").isBetween(5.0, 100.0);
        open();
        browser.until("charts", () -> browser.number("document.querySelectorAll('.chart canvas').length") >= 4);
        assertThat(browser.heapMib()).as("MiB of the page").isBetween(1.0, 100.0);
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
        sort("accuracy_mean");
        browser.until("the most accurate", () -> figure(first("accuracy_mean")) > 0.9);
        assertThat(browser.texts(".tabulator-row [tabulator-field='accuracy_mean']"))
                .extracting(DashboardBrowserIT::figure)
                .isSortedAccordingTo(Comparator.reverseOrder());
        browser.find("input[name=q]").sendKeys("backbone.width=64");
        browser.until("filtered", () -> !browser.text("#matches").equals("2,000 trials"));
        browser.until(
                "the rows",
                () -> browser.texts(".tabulator-row [tabulator-field='trial']").stream()
                        .allMatch(name -> String.valueOf(name).contains("width-64")));
        browser.find("form button[type=reset]").click();
        browser.until("all again", () -> browser.text("#matches").equals("2,000 trials"));
    }

    /** Presses a heading, the first time. */
    private static void sort(String field) {
        browser.find("[tabulator-field='%s'] button".formatted(field)).sendKeys(Keys.ENTER);
        browser.until(
                "sorted",
                () -> !browser.all(".tabulator-col[tabulator-field='%s'][aria-sort=descending]".formatted(field))
                        .isEmpty());
    }

    @Test
    void whatRanksTrialsIsAColumnThatBeginsWithTheBestOfItsRun() {
        open();
        assertThat(browser.texts("[tabulator-field='metric'] button")).isEqualTo(List.of("validation novel + good"));
        sort("metric");
        browser.until(
                "the best of its run",
                () -> first("trial")
                        .equals(browser.run(
                                "return [...document.querySelectorAll('.runs tbody tr')]"
                                        + ".find(row => row.cells[0].textContent === arguments[0]).cells[4].textContent",
                                first("run"))));
        assertThat(browser.texts(".tabulator-row [tabulator-field='metric']"))
                .extracting(DashboardBrowserIT::figure)
                .isSortedAccordingTo(Comparator.reverseOrder());
    }

    @Test
    void filtersAndMarksByTheKeyboardAlone() {
        open();
        browser.tab();
        browser.press(Keys.ENTER);
        browser.until("the trials", () -> browser.focused("#trials"));
        browser.tabTo("select[name=status]");
        browser.press("failed");
        browser.until("the failed ones", () -> browser.text("#matches").equals("20 trials"));
        browser.until(
                "their rows",
                () -> Set.copyOf(browser.texts(".tabulator-row [tabulator-field='status']"))
                        .equals(Set.of("failed")));
        browser.tabTo(".mark-button");
        browser.press(Keys.SPACE);
        browser.until("marked", () -> browser.focused(".mark-button[aria-pressed=true]"));
        RunId run = new RunId(String.valueOf(first("run")));
        take(new MetricPoint(run, "flow/" + first("trial"), 1, 3_000_000, 1_800, 0.9, Map.of("loss", 0.5)));
        browser.until("its row drawn again", () -> first("step").equals("3000000"));
        assertThat(browser.focused(".mark-button[aria-pressed=true]")).isTrue();
        browser.press(Keys.SPACE);
        browser.until("not marked", () -> browser.focused(".mark-button[aria-pressed=false]"));
    }

    @Test
    void drawsTheCurveOfAMarkedTrial() {
        open();
        String key = firstKey();
        Chart chart = browser.chart("curves");
        browser.until("those of the first trials", () -> chart.series().size() == 8);
        browser.click(".mark-button");
        browser.until("its alone", () -> chart.series().equals(List.of(key)));
        assertThat(chart.values(key, 0))
                .hasSize(new ChartViews(BOARD)
                        .curves(List.of(key), "loss", 400)
                        .at("/curves/0/points")
                        .size());
        hasAxes(chart, "training time", "loss");
        assertThat(chart.texts()).contains(first("trial"));
        browser.find("#against").sendKeys("steps");
        browser.until("steps", () -> chart.axes("xAxis").equals(List.of("step")));
        assertThat(chart.values(key, 0).get(0)).isEqualTo(10L);
        assertThat(chart.values(key, 0)).last().hasToString(String.valueOf(first("step")));
    }

    private static void hasAxes(Chart chart, String x, String y) {
        assertThat(chart.axes("xAxis")).containsExactly(x);
        assertThat(chart.axes("yAxis")).containsExactly(y);
        assertThat(chart.texts()).contains(x, y);
    }

    @Test
    void drawsAccuracyAgainstNoveltyOfAllThatWereScored() {
        open();
        Chart chart = browser.chart("scatter");
        browser.until("all", () -> chart.values("trials", 0).size() == 4 * BEGUN);
        hasAxes(chart, "nearest-neighbour ratio (0 copy, 1 really new)", "test accuracy");
        browser.click(".mark-button");
        browser.until("the marked one", () -> chart.values("marked", 2).equals(List.of(firstKey())));
        assertThat(chart.values("trials", 0)).hasSize(4 * BEGUN - 1);
        assertThat(figure(chart.values("marked", 0).get(0))).isCloseTo(figure(first("nn_ratio_mean")), within(0.006));
        assertThat(figure(chart.values("marked", 1).get(0))).isCloseTo(figure(first("accuracy_mean")), within(0.0006));
        assertThat(chart.texts()).contains(first("trial"));
    }

    private static double figure(Object shown) {
        return Double.parseDouble(String.valueOf(shown));
    }

    @Test
    void drawsBaselinesBesideTheTrialsOfOneRun() {
        open();
        Chart chart = browser.chart("scatter");
        browser.click(".runs tbody button");
        browser.until("the run's alone", () -> chart.values("trials", 0).size() == BEGUN);
        assertThat(chart.values("baselines", 1)).containsExactlyInAnyOrder(0.92, 0.55, 0.93);
        assertThat(chart.texts()).contains("held-out", "gaussian", "retrieval");
    }

    @Test
    void drawsSettingsAndScoresOfTrialsAsParallelLines() {
        open();
        Chart chart = browser.chart("parallel");
        browser.until("lines", () -> chart.values("trials", 0).size() == ChartViews.MOST_LINES);
        Object[] axes = {
            "backbone.width",
            "geometry",
            "training.learning-rate",
            "loss",
            "dispersion",
            "nn ratio",
            "validation novel + good",
            "accuracy"
        };
        assertThat(chart.axes("parallelAxis")).containsExactly(axes);
        assertThat(chart.texts()).contains(axes).contains("euclidean", "normalized", "geometric");
        assertThat(chart.values("trials", 0)).containsOnly(16L, 32L, 64L);
        assertThat(chart.values("trials", 1)).containsOnly("euclidean", "normalized", "geometric");
        assertThat(chart.values("trials", 7))
                .extracting(DashboardBrowserIT::figure)
                .isSortedAccordingTo(Comparator.reverseOrder());
    }

    @Test
    void drawsWhenCheckpointsWerePublished() {
        open();
        Chart chart = browser.chart("timeline");
        browser.find("select[name=status]").sendKeys("done");
        browser.until("six of each", () -> chart.values("checkpoints", 0).size() == 6 * ChartViews.MOST_LANES);
        assertThat(chart.values("checkpoints", 5)).filteredOn("final"::equals).hasSize(ChartViews.MOST_LANES);
        assertThat(Set.copyOf(chart.values("checkpoints", 1))).hasSize(ChartViews.MOST_LANES);
        assertThat(chart.values("spans", 0)).hasSize(ChartViews.MOST_LANES);
        assertThat(chart.texts())
                .filteredOn(text -> String.valueOf(text).contains("width-"))
                .hasSize(ChartViews.MOST_LANES);
    }

    @Test
    void saysWhatChartsShowOrThatThereIsNothing() {
        open();
        browser.until(
                "labels", () -> browser.all(".chart[role=img][aria-label]").size() == CHARTS.size());
        assertThat(browser.find("[data-chart=curves]").getAttribute("aria-label"))
                .contains(String.valueOf(first("trial")));
        browser.find("input[name=q]").sendKeys("no such trial");
        browser.until("words", () -> browser.texts(".chart .empty").size() == CHARTS.size());
        assertThat(browser.all(".chart[role], .chart[aria-label]")).isEmpty();
    }

    @Test
    void mapsWorkersToHostsAndSaysWhatWaitsForEachRole() {
        long aMinuteAgo = System.currentTimeMillis() - 60_000;
        new SampleFleet(1, beat -> BOARD.on(beat, aMinuteAgo)).beat(2, Role.SAMPLER, "cuda:1", "sweep-0/sample/y", 0);
        FLEET.beat(1, Role.TRAINER, "cuda:0", "sweep-0/train/x", 10);
        FLEET.beat(1, Role.EVALUATOR, "cpu", "", 0);
        open();
        browser.until(
                "both hosts",
                () -> browser.texts("#hosts h3")
                        .equals(List.of(
                                "gpu-1 1 process, cuda:0, cpu, 1800 MiB", "gpu-2 1 process, cuda:1, 1800 MiB")));
        assertThat(browser.texts("#hosts li"))
                .isEqualTo(List.of(
                        "trainercuda:012.5 steps/ssweep-0/train/x, step 10",
                        "evaluatorcpuidle",
                        "samplercuda:1gonesweep-0/sample/y"));
        assertThat(browser.run("return [...document.querySelectorAll('#hosts .dot')].map(dot => dot.ariaLabel)"))
                .isEqualTo(List.of("busy", "idle", "gone"));
        assertThat(Set.copyOf(browser.texts("#lag span"))).isEqualTo(Set.of("trainer 7", "sampler 3", "evaluator 0"));
        assertThat(browser.text("[data-tile=waiting]")).isEqualTo("10");
        FLEET.beat(1, Role.TRAINER, "cuda:0", "sweep-0/train/x", 20);
        browser.until("its next step", () -> browser.text("#hosts .task").equals("sweep-0/train/x, step 20"));
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
        browser.click(".mark-button");
        browser.until("told", () -> browser.text("#live").contains("1 trial marked"));
        assertThat(browser.find(".mark-button").getAttribute("aria-pressed")).isEqualTo("true");
    }

    @Test
    void isDarkWhereTheSystemIs() {
        browser.scheme("dark");
        open();
        looks("rgb(15, 18, 23)", "rgb(23, 27, 34)", "rgb(231, 234, 240)", "#9da7b6");
        browser.scheme("light");
        looks("rgb(246, 247, 249)", "rgb(255, 255, 255)", "rgb(22, 25, 31)", "#5f6876");
    }

    private static void looks(String page, String row, String text, String chart) {
        String rows = ".tabulator-row:not(:hover)";
        browser.until(
                "the page", () -> browser.styles("body", "backgroundColor").equals(List.of(page)));
        assertThat(browser.styles(rows + ", .runs tbody th", "backgroundColor")).isEqualTo(List.of(row));
        assertThat(browser.styles(rows, "color")).isEqualTo(List.of(text));
        for (String name : CHARTS) {
            browser.until(
                    "%s in %s".formatted(name, chart),
                    () -> browser.chart(name).colours().equals(List.of(chart)));
        }
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
