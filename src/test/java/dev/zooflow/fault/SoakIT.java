package dev.zooflow.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Small runs, one after the other, for hours: memory, threads and open files of every process stay as they are. */
@Tag("soak")
@Timeout(value = 12, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SoakIT extends AbstractFaultIT {

    private static final Logger LOG = LoggerFactory.getLogger(SoakIT.class);
    private static final Duration TIME = Duration.ofMinutes(Integer.getInteger("zooflow.soak-minutes", 120));
    /** Growth for each hour that is no growth: measurements scatter. */
    private static final Map<String, Double> NOTHING = Map.of("resident MiB", 30.0, "threads", 3.0, "files", 6.0);

    @Test
    void nothingGrows() {
        Map<String, Member> members =
                new TreeMap<>(Map.of("broker", fleet().broker(), "coordinator", coordinator(), "worker", addWorker()));
        awaitWorkers();
        Map<String, List<double[]>> series = new TreeMap<>();
        long start = System.nanoTime();
        double hours = 0;
        for (int run = 0; hours < TIME.toMinutes() / 60.0; run++) {
            run("soak-" + run, 2, 50, progress -> {});
            hours = (System.nanoTime() - start) / 3.6e12;
            for (Map.Entry<String, Member> member : members.entrySet()) {
                for (Map.Entry<String, Long> figure :
                        member.getValue().resources().entrySet()) {
                    series.computeIfAbsent(member.getKey() + " " + figure.getKey(), k -> new ArrayList<>())
                            .add(new double[] {hours, figure.getValue()});
                }
            }
        }
        Map<String, Double> slopes = new TreeMap<>();
        series.forEach((name, points) -> slopes.put(name, slope(points.subList(points.size() / 3, points.size()))));
        LOG.error("growth for each hour after the first third of {}: {}", TIME, slopes);
        assertThat(slopes)
                .allSatisfy((name, slope) -> assertThat(slope)
                        .as(name)
                        .isLessThan(NOTHING.get(name.substring(name.indexOf(' ') + 1))
                                / Math.min(1, TIME.toMinutes() / 120.0)));
    }

    /** Least squares. */
    private static double slope(List<double[]> points) {
        double x = points.stream().mapToDouble(p -> p[0]).average().orElse(0);
        double y = points.stream().mapToDouble(p -> p[1]).average().orElse(0);
        double xy = points.stream().mapToDouble(p -> (p[0] - x) * (p[1] - y)).sum();
        double xx = points.stream().mapToDouble(p -> (p[0] - x) * (p[0] - x)).sum();
        return xx == 0 ? 0 : xy / xx;
    }
}
