package dev.zooflow.zoo;

import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.tensor.Seed;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Trained networks of one architecture, split by trajectory into those that flows learn from and those that nothing is
 * fitted on.
 *
 * @param architecture of every network
 * @param trajectories in ascending order of their index
 */
public record Zoo(Architecture architecture, List<Trajectory> trajectories) {

    /** Sorts by index and checks that indices differ and that every network has the architecture. */
    public Zoo {
        trajectories = trajectories.stream()
                .sorted(Comparator.comparingInt(Trajectory::index))
                .toList();
        for (int i = 0; i < trajectories.size(); i++) {
            Trajectory t = trajectories.get(i);
            if (i > 0 && t.index() == trajectories.get(i - 1).index()) {
                throw new IllegalArgumentException("trajectory (%d) is there twice".formatted(t.index()));
            }
            if (!t.snapshots().architecture().equals(architecture)) {
                throw new IllegalArgumentException("trajectory (%d) is of %s in a zoo of %s"
                        .formatted(t.index(), t.snapshots().architecture(), architecture));
            }
        }
    }

    /** The trajectories of one side, in ascending order of their index. */
    public List<Trajectory> trajectories(boolean heldOut) {
        return trajectories.stream().filter(t -> t.heldOut() == heldOut).toList();
    }

    /** All snapshots that flows learn from, trajectory by trajectory. */
    public WeightBatch training() {
        return training(0);
    }

    /** All snapshots of the first {@code n} training trajectories; 0 is all trajectories. */
    public WeightBatch training(int n) {
        List<Trajectory> all = trajectories(false);
        if (n < 0 || n > all.size()) {
            throw new IllegalArgumentException(
                    "trajectories (%d) are not in a zoo with %d for training".formatted(n, all.size()));
        }
        return concat(all.stream()
                .limit(n == 0 ? all.size() : n)
                .map(Trajectory::snapshots)
                .toList());
    }

    /**
     * The weights at which each network of {@link #training(int)} began, in the same order: as often as its trajectory has
     * snapshots.
     *
     * @param std standard deviation of the initialisation
     * @param seed of the zoo
     */
    public WeightBatch initial(int n, double std, Seed seed) {
        List<Trajectory> all = trajectories(false);
        return concat(all.stream()
                .limit(n == 0 ? all.size() : n)
                .flatMap(t -> Collections.nCopies(
                        t.snapshots().size(), InitialWeights.draw(architecture, std, seed, t.index(), t.index() + 1))
                        .stream())
                .toList());
    }

    /** All snapshots that nothing is fitted on, trajectory by trajectory. */
    public WeightBatch heldOut() {
        return concat(trajectories(true).stream().map(Trajectory::snapshots).toList());
    }

    /** The index of the trajectory of each row of {@link #training()}. */
    public int[] trainingTrajectoryOf() {
        return trajectories(false).stream()
                .flatMapToInt(t -> IntStream.range(0, t.snapshots().size()).map(s -> t.index()))
                .toArray();
    }

    /** The last snapshot of every trajectory of one side. */
    public WeightBatch finals(boolean heldOut) {
        return concat(trajectories(heldOut).stream().map(Trajectory::last).toList());
    }

    private WeightBatch concat(List<WeightBatch> parts) {
        return parts.isEmpty() ? new WeightBatch(architecture, new float[0]) : WeightBatch.concat(parts);
    }
}
