package dev.zooflow.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.zooflow.experiment.TaskSpec;
import dev.zooflow.experiment.TaskSpec.Kind;
import dev.zooflow.experiment.UserError;
import dev.zooflow.tensor.Seed;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SyntheticTaskTest {

    private static final Path NOWHERE = Path.of("no-such-folder");

    @ParameterizedTest(name = "{0}")
    @EnumSource(
            value = Kind.class,
            names = {"DIGITS", "SPIRALS", "TWO_MOONS", "BLOBS"})
    void theSeedDecidesEveryValue(Kind kind) {
        TaskSpec task = TaskFixture.synthetic(kind, 300, 8);
        Dataset first = Datasets.load(task, 7, NOWHERE);
        Dataset again = Datasets.load(task, 7, NOWHERE);
        Dataset other = Datasets.load(task, 8, NOWHERE);

        assertThat(again.train().x()).isEqualTo(first.train().x());
        assertThat(again.test().y()).isEqualTo(first.test().y());
        assertThat(again.hashes()).isEqualTo(first.hashes()).containsOnlyKeys("generated");
        assertThat(other.hashes()).isNotEqualTo(first.hashes());
        assertThat(other.train().x()).isNotEqualTo(first.train().x());
        assertThat(first.test().size()).isEqualTo(60);
        assertThat(first.validation().size()).isEqualTo(30);
        assertThat(first.train().size()).isEqualTo(210);
        assertThat(first.inputs()).hasSize(first.features());
        assertThat(first.normalisation().std()).hasSize(first.features()).containsOnly(1f);
    }

    @Test
    void blobsLieAroundTwoPointsAtDistanceTwo() {
        Dataset blobs = Datasets.load(TaskFixture.synthetic(Kind.BLOBS, 4000, 8), 1, NOWHERE);
        double[] sum = new double[2];
        int[] count = new int[2];
        float[] x = blobs.train().x();
        for (int k = 0; k < x.length; k++) {
            int y = blobs.train().y()[Math.floorDiv(k, 30)];
            sum[y] += x[k];
            count[y]++;
        }
        assertThat(blobs.features()).isEqualTo(30);
        assertThat(sum[0] / count[0]).isCloseTo(-1 / Math.sqrt(30), Offset.offset(0.005));
        assertThat(sum[1] / count[1]).isCloseTo(1 / Math.sqrt(30), Offset.offset(0.005));
    }

    @ParameterizedTest(name = "{0} pixels")
    @ValueSource(ints = {8, 13, 28, 64})
    void digitsAreImagesOfTenClassesInUnitRange(int size) {
        Dataset digits = Datasets.load(TaskFixture.synthetic(Kind.DIGITS, 200, size), 1, NOWHERE);
        assertThat(digits.image()).contains(new ImageShape(size, size));
        assertThat(digits.features()).isEqualTo(size * size);
        assertThat(digits.classes()).containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
        assertThat(digits.inputs())
                .startsWith("pixel-0-0", "pixel-0-1")
                .endsWith("pixel-%1$d-%1$d".formatted(size - 1));
        float ink = 0;
        for (float value : digits.train().x()) {
            assertThat(value).isBetween(0f, 1f);
            ink += value;
        }
        assertThat(ink / digits.train().x().length).isBetween(0.1f, 0.35f);
    }

    @Test
    void withoutDistortionAndNoiseAGlyphIsAlwaysTheSame() {
        Split digits = new Digits(28, 0, 0).generate(400, new Seed(3));
        for (int digit = 0; digit < Digits.CLASSES; digit++) {
            Set<Integer> images = new TreeSet<>();
            for (int i = digit; i < digits.size(); i += Digits.CLASSES) {
                images.add(Arrays.hashCode(digits.select(i).x()));
            }
            assertThat(images).hasSize(StrokeFont.of(digit).size());
        }
    }

    @Test
    void strokesLieWhereTheGlyphSays() {
        // The plain "1" is a vertical line through the middle: columns 13 and 14 of 28, none at the sides.
        Split digits = new Digits(28, 0, 0).generate(200, new Seed(1));
        boolean plainOneSeen = false;
        for (int i = 1; i < digits.size(); i += Digits.CLASSES) {
            float[] x = digits.select(i).x();
            float middle = x[14 * 28 + 13] + x[14 * 28 + 14];
            assertThat(x[14 * 28 + 2]).isZero();
            plainOneSeen |= middle > 1.9f && x[6 * 28 + 10] == 0 && x[24 * 28 + 10] == 0;
        }
        assertThat(plainOneSeen).isTrue();
    }

    @Test
    void digitsAreHardButNotTooHardForASmallNetwork() {
        Config defaults = ConfigFactory.parseResources("reference.conf").getConfig("zooflow.experiment.task");
        Digits digits = new Digits(
                defaults.getInt("image-size"), defaults.getDouble("distortion"), defaults.getDouble("noise"));
        Split train = digits.generate(8000, new Seed(1).child("train"));
        Split test = digits.generate(2000, new Seed(1).child("test"));
        TinyClassifier network = new TinyClassifier(train.features(), 16, Digits.CLASSES, new Seed(1));
        network.train(train, 20, 1e-3, new Seed(2));
        assertThat(network.accuracy(test)).isBetween(0.88, 0.975);
    }

    @Test
    void spiralArmsAreTurnedCopiesOfOneAnother() {
        Split spirals = new Spirals(3, 0).generate(3000, new Seed(1));
        for (int i = 0; i < spirals.size(); i++) {
            double x = spirals.x()[2 * i];
            double y = spirals.x()[2 * i + 1];
            double turns = Math.hypot(x, y) / 3 + spirals.y()[i] / 3.0;
            double angle = Math.atan2(y, x) / (2 * Math.PI);
            assertThat(Math.abs(Math.IEEEremainder(turns - angle, 1))).isLessThan(1e-5);
        }
    }

    @Test
    void moonsAreHalfCircles() {
        Split moons = new TwoMoons(0).generate(1000, new Seed(1));
        for (int i = 0; i < moons.size(); i++) {
            double x = moons.x()[2 * i] - moons.y()[i];
            double y = moons.x()[2 * i + 1] - 0.5 * moons.y()[i];
            assertThat(Math.hypot(x, y)).isCloseTo(1, Offset.offset(1e-6));
            assertThat(moons.y()[i] == 0 ? y : -y).isGreaterThanOrEqualTo(0);
        }
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(
            value = Kind.class,
            names = {"SPIRALS", "TWO_MOONS"})
    void aSmallNetworkSolvesThePlaneTasks(Kind kind) {
        Dataset plane = Datasets.load(TaskFixture.synthetic(kind, 1000, 8), 1, NOWHERE);
        TinyClassifier network = new TinyClassifier(2, 32, plane.classes().size(), new Seed(1));
        network.train(plane.train(), 500, 1e-2, new Seed(2));
        assertThat(network.accuracy(plane.test())).isGreaterThan(0.95);
    }

    @Test
    void tooManyPixelsOrTooFewExamplesAreRefused() {
        assertThatThrownBy(() -> Datasets.load(TaskFixture.synthetic(Kind.DIGITS, 10_000_000, 64), 1, NOWHERE))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("task.examples (10000000)");
        assertThatThrownBy(() -> Datasets.load(TaskFixture.synthetic(Kind.DIGITS, 9, 8), 1, NOWHERE))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("task.examples (9)");
        assertThatThrownBy(() -> Datasets.load(TaskFixture.synthetic(Kind.TWO_MOONS, 3, 8), 1, NOWHERE))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("no example in its");
    }
}
