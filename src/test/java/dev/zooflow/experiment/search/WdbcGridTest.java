package dev.zooflow.experiment.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.SweepSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Asynchronous successive halving on what a whole grid of 64 flows came to: in whatever order they are trained it finds the
 * best, and trains a quarter of the steps. A real trainer goes on until the score arrives, which costs some steps more.
 */
class WdbcGridTest {

    private static final int ORDERS = 40;
    private static final double[] STEPS = {50, 150, 450, 800};
    private static final double WITHIN = 1.02;

    private record Flow(String name, double[] losses) {
        double end() {
            return losses[losses.length - 1];
        }
    }

    /**
     * What a sweep came to.
     *
     * @param best final loss among those that were trained to their end
     * @param share of the grid's steps that were trained
     */
    private record Found(double best, double share) {}

    private static List<Flow> grid() throws IOException {
        try (InputStream in = Objects.requireNonNull(WdbcGridTest.class.getResourceAsStream("/sweep/wdbc-grid.csv"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .skip(2)
                    .map(line -> line.split(",", -1))
                    .map(cells -> new Flow(
                            cells[0],
                            Arrays.stream(cells)
                                    .skip(1)
                                    .mapToDouble(Double::parseDouble)
                                    .toArray()))
                    .toList();
        }
    }

    private static Found train(List<Flow> order, Stopper rule) {
        List<TrialReport> told = new ArrayList<>();
        double best = Double.POSITIVE_INFINITY;
        double steps = 0;
        for (Flow flow : order) {
            int reached = 0;
            boolean goesOn = true;
            while (goesOn && reached < STEPS.length - 1) {
                TrialReport now = new TrialReport(flow.name(), STEPS[reached], -flow.losses()[reached]);
                goesOn = rule.shortfall(told, now).isEmpty();
                told.add(now);
                reached += goesOn ? 1 : 0;
            }
            steps += STEPS[reached];
            best = goesOn ? Math.min(best, flow.end()) : best;
        }
        return new Found(best, steps / (order.size() * STEPS[STEPS.length - 1]));
    }

    @Test
    void findsTheBestOfTheGridWithAQuarterOfItsSteps() throws IOException {
        List<Flow> grid = grid();
        assertThat(grid).hasSize(64);
        double best = grid.stream().mapToDouble(Flow::end).min().orElseThrow();
        SweepSpec sweep = ExperimentFile.load(Path.of("experiments/breast-cancer-sweep.conf"), List.of())
                .sweep()
                .orElseThrow();
        Stopper rule = SuccessiveHalving.asha(sweep.earlyTerminate().asha());
        List<Found> found = IntStream.range(0, ORDERS)
                .mapToObj(seed -> {
                    List<Flow> order = new ArrayList<>(grid);
                    Collections.shuffle(order, new Random(seed));
                    return train(order, rule);
                })
                .toList();
        assertThat(found).allSatisfy(one -> assertThat(one.best()).isLessThanOrEqualTo(WITHIN * best));
        assertThat(found.stream().mapToDouble(Found::share).average().orElseThrow())
                .isLessThanOrEqualTo(0.25);
        // Without a rule the whole grid is trained.
        assertThat(train(grid, (before, now) -> OptionalDouble.empty()).share()).isEqualTo(1);
    }
}
