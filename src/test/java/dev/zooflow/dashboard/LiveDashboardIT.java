package dev.zooflow.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zooflow.fault.Fleet;
import dev.zooflow.fault.Member;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real browser while a fleet works on runs and its broker dies. */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LiveDashboardIT {

    private static final String EXPERIMENT = """
            task { kind = two-moons, examples = 200 }, network.hidden = [4]
            zoo { training-trajectories = 6, held-out-trajectories = 3, epochs = 5, burn-in-epochs = 2, snapshots = 2 }
            flow {
              backbone { width = 8, layers = 1 }
              training { steps = 0, time = 6 s, batch-size = 4, checkpoint-every = 2 s }
            }
            flows = [{ name = geometric }]
            sampling { networks = 4, checkpoint-networks = 4, steps = 2 }
            evaluation { networks = 4, barrier-networks = 2, export = 2 }
            """;

    @TempDir
    private Path dir;

    @Test
    void showsARunAsItGoesOnAndOutlivesTheBroker() throws IOException {
        try (Browser browser = Browser.start();
                Fleet fleet = Fleet.start(dir, "zooflow.kafka.lock-duration = 5 s")) {
            Member dashboard = fleet.process("dashboard", "--port", "0", "--bootstrap-servers", fleet.servers());
            browser.open(dashboard.dashboard());
            browser.until("live", () -> browser.text("#connection").equals("live"));
            assertThat(browser.texts(".tabulator-row")).isEmpty();

            fleet.submit("before", EXPERIMENT);
            browser.until("the run", () -> runs(browser).equals(List.of("before")));
            browser.until("its trial", () -> cells(browser, "trial").equals(List.of("geometric")));
            assertThat(cells(browser, "status")).isEqualTo(List.of("queued"));

            fleet.startWorker("coordinator," + Fleet.WORK);
            browser.until("training", () -> cells(browser, "status").equals(List.of("training")) && step(browser) > 0);
            long early = step(browser);
            browser.until("a later step", () -> step(browser) > early);
            assertThat(cells(browser, "status")).isEqualTo(List.of("training"));
            browser.until("the end", () -> cells(browser, "status").equals(List.of("done")));
            browser.until("its score", () -> !cells(browser, "accuracy_mean").equals(List.of("–")));

            assertThat(browser.find("#problem").isDisplayed()).isFalse();
            fleet.broker().kill();
            browser.until(
                    "word of what is wrong", () -> browser.find("#problem").isDisplayed());
            assertThat(browser.text("#problem")).contains("brokers");
            assertThat(runs(browser)).isEqualTo(List.of("before"));

            fleet.restartBroker();
            fleet.submit("after", EXPERIMENT);
            browser.until("the new run", () -> runs(browser).equals(List.of("after", "before")));
            browser.until("that all is well", () -> !browser.find("#problem").isDisplayed());
            assertThat(dashboard.alive()).isTrue();
        }
    }

    private static List<?> runs(Browser browser) {
        return browser.texts(".runs tbody button");
    }

    private static List<?> cells(Browser browser, String field) {
        return browser.texts(".tabulator-row [tabulator-field='" + field + "']");
    }

    private static long step(Browser browser) {
        String step = String.valueOf(cells(browser, "step").get(0));
        return step.matches("\\d+") ? Long.parseLong(step) : 0;
    }
}
