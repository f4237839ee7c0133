package dev.zooflow.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zooflow.message.Event.MetricPoint;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CurveTest {

    private static MetricPoint point(int attempt, long step) {
        return new MetricPoint(SampleRun.RUN, "flow/a", attempt, step, step / 10.0, 0, Map.of("loss", 1.0 / attempt));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void whereALaterAttemptHasBegunNothingOfAnEarlierOneCounts(long seed) {
        List<MetricPoint> points = new ArrayList<>();
        // The first died at 40; the second went on from 25 and died at 33; the third went on from 30 to the end.
        for (long step : new long[] {10, 20, 30, 40}) {
            points.add(point(1, step));
        }
        for (long step : new long[] {27, 33}) {
            points.add(point(2, step));
        }
        for (long step : new long[] {33, 41, 50}) {
            points.add(point(3, step));
        }
        // The second had only lost its lock, and tells so late.
        points.add(point(2, 47));
        Collections.shuffle(points, new Random(seed));

        assertThat(Curve.of(points))
                .containsExactly(point(1, 10), point(1, 20), point(2, 27), point(3, 33), point(3, 41), point(3, 50));
    }
}
