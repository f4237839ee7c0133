package dev.zooflow.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrbitsTest {

    private static final LayerLayout LAYOUT = LayerLayout.of(Architecture.relu(2, 3, 2));

    @Test
    void aLayerFromTheInputsHasOneForEachInputAndOneToTheOutputsOneForEachOutput() {
        assertThat(Orbits.of(LAYOUT, LAYOUT.size() + 1).of())
                .containsExactly(0, 1, 0, 1, 0, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 6, 7);
    }

    @Test
    void aLayerBetweenHiddenOnesIsOneOrbit() {
        LayerLayout deep = LayerLayout.of(Architecture.relu(2, 3, 4, 1));
        int[] of = Orbits.of(deep, deep.size()).of();
        LayerLayout.Layer between = deep.layers().get(1);
        assertThat(Arrays.copyOfRange(of, between.weightOffset(), between.biasOffset()))
                .containsOnly(3);
    }

    @Test
    void aSingleLayerIsExchangedByNothing() {
        LayerLayout linear = LayerLayout.of(Architecture.relu(2, 3));
        Orbits orbits = Orbits.of(linear, linear.size());
        assertThat(orbits.count()).isEqualTo(9);
        assertThat(orbits.of()).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 9})
    void otherHiddenWidthsHaveTheSameOrbits(int width) {
        LayerLayout other = LayerLayout.of(Architecture.relu(2, width, 2));
        assertThat(Orbits.of(other, other.size()).count())
                .isEqualTo(Orbits.of(LAYOUT, LAYOUT.size()).count());
    }

    @Test
    void permutationsOfHiddenNeuronsLeaveThemUnchanged() {
        LayerLayout deep = LayerLayout.of(Architecture.relu(3, 4, 5, 2));
        Orbits orbits = Orbits.of(deep, deep.size());
        float[] values = new float[deep.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = orbits.of()[i];
        }
        Permutations rotate = Permutations.identity(deep, 1);
        for (int[] map : rotate.maps()[0]) {
            Arrays.setAll(map, k -> (k + 1) % map.length);
        }
        WeightBatch moved = rotate.apply(deep, new WeightBatch(deep.architecture(), values));
        assertThat(moved.theta()).containsExactly(values);
    }

    @Test
    void meanSquaresAreThoseOfTheMembers() {
        Orbits orbits = new Orbits(new int[] {0, 1, 0}, 2);
        double[] square = orbits.meanSquare(new float[] {1, 2, 3, 5, 6, 7}, new float[] {1, 2, 0});
        assertThat(square[0]).isCloseTo((0 + 9 + 16 + 49) / 4.0, within(1e-12));
        assertThat(square[1]).isCloseTo((0 + 16) / 2.0, within(1e-12));
    }
}
