package dev.zooflow.fault;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Experiments whose results depend on nothing but the seed: budgets are steps, and no checkpoint comes by the clock. */
final class Experiments {

    /** How often a training saves its state, in seconds; its curve has two points between two states. */
    static final double SAVE_SECONDS = 1.5;

    private static final String TEXT = """
            name = faults
            task { kind = blobs, examples = 200, features = 4 }
            network { hidden = [6] }
            zoo {
              training-trajectories = 8, held-out-trajectories = 4, trajectories-per-task = 4
              epochs = 4, burn-in-epochs = 2, snapshots = 1
            }
            flow {
              backbone { width = 16, layers = 2 }
              training { steps = %d, time = 0, batch-size = 16, checkpoint-every = 0, save-every = 1500 ms }
            }
            flows = [%s]
            sampling { networks = 8, steps = 4 }
            evaluation { networks = 8, barrier-networks = 2, export = 0 }
            """;

    /** Tasks besides three of each trial. */
    static final int OTHER_TASKS = 4;

    private Experiments() {}

    /** An experiment of so many trials of so many steps. */
    static String of(int trials, int steps) {
        String flows =
                IntStream.range(0, trials).mapToObj("{ name = f%d }"::formatted).collect(Collectors.joining(", "));
        return TEXT.formatted(steps, flows);
    }
}
