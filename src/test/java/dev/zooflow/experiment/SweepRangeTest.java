package dev.zooflow.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SweepRangeTest {

    private static final double LAST = Math.nextDown(1.0);

    private static SweepRange range(String distribution, double min, double max, double q) {
        return SweepRange.of(distribution, min, max, q).orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "uniform, 0, 10, 0, 0.0, 5.0, 10.0",
        "log-uniform, 1e-4, 1e-2, 0, 1.0E-4, 0.001, 0.01",
        "int-uniform, 1, 4, 0, 1, 3, 4",
        "int-uniform, 8, 100, 16, 16, 64, 96",
        "int-log-uniform, 1, 100, 0, 1, 10, 100",
        "int-log-uniform, 16, 256, 16, 16, 64, 256",
        "uniform, 0, 1, 0.25, 0.0, 0.5, 1.0",
        "log_uniform_values, 1e-4, 1e-2, 0, 1.0E-4, 0.001, 0.01",
        "q_uniform, 0, 1, 0.25, 0.0, 0.5, 1.0",
        "q_uniform, 0, 8, 0, 0, 4, 8",
        "uniform, 0.1, 0.3, 0.1, 0.1, 0.2, 0.3",
        "uniform, 0.07, 0.7, 0.01, 0.07, 0.39, 0.7",
        "uniform, 10.125, 20.25, 10.125, 10.125, 20.25, 20.25",
        "int_uniform, 1, 4, 0, 1, 3, 4",
    })
    void numbersAtTheBeginningTheMiddleAndTheEnd(
            String distribution, double min, double max, double q, String first, String middle, String last) {
        SweepRange range = range(distribution, min, max, q);
        assertThat(List.of(range.at(0), range.at(0.5), range.at(LAST)))
                .extracting(Number::toString)
                .containsExactly(first, middle, last);
    }

    @Test
    void halfOfALogarithmicRangeIsBelowItsGeometricMean() {
        SweepRange range = range("int-log-uniform", 4, 1024, 0);
        assertThat(IntStream.range(0, 1000)
                        .filter(i -> range.at((i + 0.5) / 1000).longValue() < 64)
                        .count())
                .isCloseTo(500L, within(5L));
    }

    @ParameterizedTest
    @CsvSource({
        "uniform, 2, 1, 0, true",
        "log-uniform, 0, 1, 0, true",
        "int-uniform, 1.2, 1.8, 0, true",
        "int-uniform, 17, 31, 16, true",
        "uniform, 0, 1, -1, true",
        "int-uniform, 16, 31, 16, false",
        "log-uniform, 1e-9, 1, 0, false",
    })
    void whatHoldsNoNumberIsEmpty(String distribution, double min, double max, double q, boolean empty) {
        assertThat(range(distribution, min, max, q).isEmpty()).isEqualTo(empty);
    }

    @Test
    void otherNamesAreNone() {
        assertThat(SweepRange.of("normal", 0, 1, 0)).isEmpty();
        assertThat(SweepRange.of("log_uniform", -4, -2, 0))
                .as("ends are exponents there")
                .isEmpty();
    }
}
