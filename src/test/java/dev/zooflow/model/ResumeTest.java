package dev.zooflow.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.FlowSpec;
import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.tensor.Seed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A training that is saved, given up and resumed in another trainer ends bit by bit where an undisturbed one ends. */
class ResumeTest {

    private static final Architecture SMALL = Architecture.relu(3, 5, 4, 2);
    private static final int HALF = 6;

    static Stream<Arguments> flows() {
        return Stream.of(FlowSpec.Geometry.values())
                .flatMap(g -> Stream.of(FlowSpec.CouplingKind.values()).map(c -> Arguments.of(kebab(g), kebab(c))));
    }

    private static String kebab(Enum<?> constant) {
        return constant.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    private static FlowSpec flow(String keys) {
        return ExperimentFile.parse("flows = [{ name = f, %s }]".formatted(keys))
                .flows()
                .get(0);
    }

    private static FlowSpec flow(String geometry, String coupling, int steps) {
        return flow("""
                geometry = %s, coupling = %s, backbone { width = 8, layers = 2 }
                training { steps = %d, time = 0, batch-size = 8, warm-up = 3, learning-rate = 1e-2, checkpoint-every = 0
                           checkpoint-steps = 4, save-every = 1 ns }
                """.formatted(geometry, coupling, steps));
    }

    private static FlowTrainer trainer(FlowSpec spec) {
        WeightBatch initial = new WeightBatch(SMALL, new Seed(2).gaussian(20 * SMALL.parameters()));
        WeightBatch networks = new WeightBatch(SMALL, new Seed(1).gaussian(20 * SMALL.parameters()));
        return new FlowTrainer(
                spec, 1, new TrainingNetworks(networks, Optional.of(initial)), Optional.empty(), new Seed(3));
    }

    /** Remembers everything, and says when to stop. */
    private static final class Observer implements FlowTraining.Listener {
        private final List<TrainingState> states = new ArrayList<>();
        private final List<String> checkpoints = new ArrayList<>();
        private double seconds;

        @Override
        public void progress(long step, double secondsSoFar, double progress, Map<String, Double> values) {
            seconds = secondsSoFar;
        }

        @Override
        public void checkpoint(WeightFlow flow, int index, long step, double at, boolean last, double loss) {
            checkpoints.add("%d at %d %s: %s".formatted(index, step, last, loss));
        }

        @Override
        public void save(TrainingState state) {
            states.add(state);
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("flows")
    void endsWithTheSameBits(String geometry, String coupling) {
        FlowSpec spec = flow(geometry, coupling, 2 * HALF);
        Observer straight = new Observer();
        Observer first = new Observer();
        Observer second = new Observer();
        try (FlowTrainer trainer = trainer(spec)) {
            FlowTraining.run(trainer, spec.training(), straight, () -> false);
            Map<String, float[]> end = trainer.arrays();
            try (FlowTrainer killed = trainer(spec);
                    FlowTrainer resumed = trainer(spec)) {
                assertThat(FlowTraining.run(killed, spec.training(), first, () -> killed.steps() == HALF))
                        .isFalse();
                TrainingState state = first.states.get(first.states.size() - 1);
                assertThat(state.step()).isEqualTo(HALF);
                assertThat(FlowTraining.resume(resumed, state, spec.training(), second, () -> false))
                        .isTrue();
                assertThat(resumed.steps()).isEqualTo(2 * HALF);
                assertThat(resumed.arrays().keySet()).isEqualTo(end.keySet());
                resumed.arrays()
                        .forEach((name, values) -> assertThat(values).as(name).isEqualTo(end.get(name)));
            }
        }
        assertThat(Stream.concat(first.checkpoints.stream(), second.checkpoints.stream()))
                .isEqualTo(straight.checkpoints)
                .hasSize(3);
    }

    @Test
    void aStateIsSavedWhenItsTimeHasComeAndWhenTheTrainingIsCancelled() {
        FlowSpec spec = flow("geometric", "independent", 10);
        Observer often = new Observer();
        try (FlowTrainer trainer = trainer(spec)) {
            FlowTraining.run(trainer, spec.training(), often, () -> trainer.steps() == 4);
        }
        assertThat(often.states).extracting(TrainingState::step).containsExactly(1L, 2L, 3L, 4L);
        FlowSpec never = flow("backbone { width = 8, layers = 1 }, training.save-every = 0");
        Observer cancelled = new Observer();
        try (FlowTrainer trainer = trainer(never)) {
            FlowTraining.run(trainer, never.training(), cancelled, () -> trainer.steps() == 4);
        }
        assertThat(cancelled.states).extracting(TrainingState::step).containsExactly(4L);
    }

    @Test
    void timeThatWasUsedBeforeCounts() {
        FlowSpec spec = flow("backbone { width = 8, layers = 1 }, training { time = 1000 s, batch-size = 8 }");
        Observer observer = new Observer();
        try (FlowTrainer begun = trainer(spec);
                FlowTrainer trainer = trainer(spec)) {
            begun.step(0);
            TrainingState state = new TrainingState(1, 999.9, 7, 990, 0, 0, begun.arrays());
            assertThat(FlowTraining.resume(trainer, state, spec.training(), observer, () -> false))
                    .isTrue();
            assertThat(trainer.steps()).isGreaterThan(1);
        }
        assertThat(observer.seconds).isBetween(1000.0, 1100.0);
        assertThat(observer.checkpoints.get(0)).startsWith("7 at ");
    }

    @Test
    void whatIsLeftOfATrainingThatHadUsedItsTimeIsOneStep() {
        FlowSpec spec = flow("backbone { width = 8, layers = 1 }, training { time = 10 s, batch-size = 8 }");
        Observer observer = new Observer();
        try (FlowTrainer trainer = trainer(spec)) {
            TrainingState state = new TrainingState(5, 10.5, 1, 9, 0, 0, trainer.arrays());
            FlowTraining.resume(trainer, state, spec.training(), observer, () -> false);
            assertThat(trainer.steps()).isEqualTo(6);
        }
        assertThat(observer.checkpoints).singleElement().asString().startsWith("1 at 6 true");
    }

    @Test
    void arraysThatDoNotFitAreRefused() {
        FlowSpec spec = flow("geometric", "independent", 4);
        try (FlowTrainer trainer = trainer(spec)) {
            Map<String, float[]> arrays = new HashMap<>(trainer.arrays());
            arrays.put("optimizer_mean", new float[3]);
            assertThatThrownBy(() -> trainer.restore(1, arrays))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("optimizer_mean");
            assertThat(trainer.steps()).isZero();
        }
    }
}
