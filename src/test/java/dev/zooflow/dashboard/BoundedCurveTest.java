package dev.zooflow.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zooflow.dashboard.BoundedCurve.Point;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoundedCurveTest {

    private static Point point(long step, double value) {
        return new Point(step, step / 4f, (float) value);
    }

    private static BoundedCurve of(List<Point> points) {
        BoundedCurve curve = new BoundedCurve();
        points.forEach(p -> curve.add(1, p));
        return curve;
    }

    private static List<Point> noise(long seed, int n) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Point> points = new ArrayList<>();
        long step = 0;
        for (int i = 0; i < n; i++) {
            step += random.nextInt(1, 5);
            points.add(point(step, random.nextDouble(-1, 1)));
        }
        return points;
    }

    @Test
    void keepsEveryPointWhileThereIsRoom() {
        List<Point> points = noise(1, BoundedCurve.ROOM - 1);
        assertThat(of(points).view(BoundedCurve.ROOM + 2)).isEqualTo(points);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void keepsExtremesAndEndsOfAnyLength(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Point> points = noise(seed, random.nextInt(1, 40_000));
        int most = random.nextInt(8, 600);
        List<Point> view = of(points).view(most);
        assertThat(view).hasSizeLessThanOrEqualTo(most).hasSizeLessThanOrEqualTo(BoundedCurve.ROOM + 4);
        assertThat(points).containsAll(view);
        assertThat(view.stream().map(Point::step)).isSorted().doesNotHaveDuplicates();
        Comparator<Point> byValue = Comparator.comparing(Point::value);
        assertThat(view)
                .contains(points.get(0), points.get(points.size() - 1))
                .contains(points.stream().min(byValue).orElseThrow())
                .contains(points.stream().max(byValue).orElseThrow());
    }

    /** Wherever one looks, what is drawn reaches as high and as low as the data. */
    @Test
    void everyStretchKeepsItsOwnExtremes() {
        int n = 1 << 16;
        List<Point> points = noise(11, n);
        List<Point> view = of(points).view(BoundedCurve.ROOM + 2);
        int stretch = n / 64;
        for (int from = 0; from < n; from += stretch) {
            List<Point> part = points.subList(from, from + stretch);
            double highest = part.stream().mapToDouble(Point::value).max().orElseThrow();
            double lowest = part.stream().mapToDouble(Point::value).min().orElseThrow();
            assertThat(view.stream()
                            .filter(p -> p.step() >= part.get(0).step()
                                    && p.step() <= part.get(stretch - 1).step())
                            .mapToDouble(Point::value)
                            .toArray())
                    .as("points %d to %d", from, from + stretch)
                    .contains(highest, lowest);
        }
    }

    @Test
    void isBoundedForTenMillionPoints() {
        BoundedCurve curve = new BoundedCurve();
        LongStream.rangeClosed(1, 10_000_000).forEach(step -> curve.add(1, point(step, step == 7_654_321 ? 9 : 0)));
        List<Point> view = curve.view(100);
        assertThat(view).hasSizeLessThanOrEqualTo(100).contains(point(7_654_321, 9), point(1, 0), point(10_000_000, 0));
    }

    @Test
    void ofTwoAttemptsTheLaterOneCountsFromItsFirstStepOn() {
        BoundedCurve curve = of(List.of(point(10, 1), point(20, 2), point(30, 3)));
        curve.add(2, point(20, 5));
        curve.add(1, point(40, 4));
        curve.add(2, point(30, 6));
        assertThat(curve.view(10)).containsExactly(point(10, 1), point(20, 5), point(30, 6));
        curve.add(3, point(1, 7));
        assertThat(curve.view(10)).containsExactly(point(1, 7));
    }

    @Test
    void aLaterAttemptCutsALongCurve() {
        List<Point> points = noise(3, 10_000);
        BoundedCurve curve = of(points);
        long half = points.get(5_000).step();
        curve.add(2, point(half, 0));
        List<Point> view = curve.view(BoundedCurve.ROOM);
        assertThat(view.get(view.size() - 1)).isEqualTo(point(half, 0));
        assertThat(view.stream().map(Point::step)).isSorted().doesNotHaveDuplicates();
        assertThat(view).hasSizeGreaterThan(100);
    }

    @Test
    void passesOverRepetitionsAndWhatIsNoNumber() {
        BoundedCurve curve = of(List.of(point(10, 1), point(10, 2), point(5, 3), point(20, Double.NaN)));
        curve.add(1, point(30, Double.POSITIVE_INFINITY));
        assertThat(curve.view(10)).containsExactly(point(10, 1));
        assertThat(curve.latest()).contains(point(10, 1));
    }
}
