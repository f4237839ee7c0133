package dev.zooflow.eval;

import dev.zooflow.graph.WeightBatch;
import dev.zooflow.tensor.Seed;
import dev.zooflow.zoo.Trajectory;
import dev.zooflow.zoo.Zoo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Some networks of one side of a zoo: the last snapshot of every trajectory, then other snapshots at random, without
 * repetition, until there are enough.
 *
 * @param networks raw weights
 * @param trajectory of each network
 */
record Selection(WeightBatch networks, int[] trajectory) {

    /** At most {@code n} networks. */
    static Selection of(Zoo zoo, boolean heldOut, int n, Seed seed) {
        List<Integer> trajectoryOf = new ArrayList<>();
        List<Integer> finals = new ArrayList<>();
        List<Integer> others = new ArrayList<>();
        for (Trajectory t : zoo.trajectories(heldOut)) {
            for (int s = 1; s <= t.snapshots().size(); s++) {
                (s == t.snapshots().size() ? finals : others).add(trajectoryOf.size());
                trajectoryOf.add(t.index());
            }
        }
        Collections.shuffle(others, new Random(seed.value()));
        finals.addAll(others);
        int[] rows = finals.stream().limit(n).mapToInt(Integer::intValue).toArray();
        WeightBatch all = heldOut ? zoo.heldOut() : zoo.training();
        return new Selection(
                all.select(rows), Arrays.stream(rows).map(trajectoryOf::get).toArray());
    }
}
