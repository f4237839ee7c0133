package dev.zooflow.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CoordinateGroupsTest {

    private static final LayerLayout LAYOUT = LayerLayout.of(Architecture.relu(2, 3, 2));

    @Test
    void aLayerFromTheInputsHasOneForEachInputAndOneToTheOutputsOneForEachOutput() {
        assertThat(CoordinateGroups.orbits(LAYOUT, LAYOUT.size() + 1).of())
                .containsExactly(0, 1, 0, 1, 0, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 6, 7);
    }

    @Test
    void blocksAreTheWeightsAndTheBiasesOfEachLayer() {
        assertThat(CoordinateGroups.blocks(LAYOUT, LAYOUT.size() + 1).of())
                .containsExactly(0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 4);
        CoordinateGroups blocks = CoordinateGroups.blocks(LAYOUT, LAYOUT.size() + 1);
        assertThat(blocks.sizes()).containsExactly(6, 3, 6, 2, 1);
        assertThat(blocks.ends()).containsExactly(6, 9, 15, 17, 18);
        assertThat(CoordinateGroups.blocks(LAYOUT, 5)).satisfies(few -> {
            assertThat(few.count()).isEqualTo(1);
            assertThat(few.ends()).containsExactly(5);
        });
    }

    @Test
    void aLayerBetweenHiddenOnesIsOneOrbit() {
        LayerLayout deep = LayerLayout.of(Architecture.relu(2, 3, 4, 1));
        int[] of = CoordinateGroups.orbits(deep, deep.size()).of();
        LayerLayout.Layer between = deep.layers().get(1);
        assertThat(Arrays.copyOfRange(of, between.weightOffset(), between.biasOffset()))
                .containsOnly(3);
    }

    @Test
    void aSingleLayerIsExchangedByNothing() {
        LayerLayout linear = LayerLayout.of(Architecture.relu(2, 3));
        CoordinateGroups orbits = CoordinateGroups.orbits(linear, linear.size());
        assertThat(orbits.count()).isEqualTo(9);
        assertThat(orbits.of()).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 9})
    void otherHiddenWidthsHaveTheSameOrbits(int width) {
        LayerLayout other = LayerLayout.of(Architecture.relu(2, width, 2));
        assertThat(CoordinateGroups.orbits(other, other.size()).count())
                .isEqualTo(CoordinateGroups.orbits(LAYOUT, LAYOUT.size()).count());
    }

    @Test
    void permutationsOfHiddenNeuronsLeaveThemUnchanged() {
        LayerLayout deep = LayerLayout.of(Architecture.relu(3, 4, 5, 2));
        CoordinateGroups orbits = CoordinateGroups.orbits(deep, deep.size());
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
        CoordinateGroups orbits = new CoordinateGroups(new int[] {0, 1, 0}, 2);
        double[] square = orbits.meanSquare(new float[] {1, 2, 3, 5, 6, 7}, new float[] {1, 2, 0});
        assertThat(square[0]).isCloseTo((0 + 9 + 16 + 49) / 4.0, within(1e-12));
        assertThat(square[1]).isCloseTo((0 + 16) / 2.0, within(1e-12));
    }
}
