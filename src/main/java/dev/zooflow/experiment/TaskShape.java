package dev.zooflow.experiment;

import dev.zooflow.graph.Architecture;
import java.util.Optional;

/**
 * What is known of a task's examples before they are loaded.
 *
 * @param inputs features of an example
 * @param classes number of classes
 * @param imageSide side of the square image in pixels; 0 where the input is no image
 * @param examples over all splits
 */
public record TaskShape(int inputs, int classes, int imageSide, int examples) {

    /** The least that any task has. */
    static final TaskShape SMALLEST = new TaskShape(1, 1, 0, 0);

    /** Of an experiment's base networks for it. */
    Architecture architecture(ExperimentSpec spec) {
        return spec.network().architecture(inputs, classes);
    }

    /** The shape of a built-in task; empty for csv and idx, whose files say it. */
    public static Optional<TaskShape> of(TaskSpec task) {
        int side = task.imageSize();
        return switch (task.kind()) {
            case DIGITS -> Optional.of(new TaskShape(side * side, 10, side, task.examples()));
            case SPIRALS -> Optional.of(new TaskShape(2, task.arms(), 0, task.examples()));
            case TWO_MOONS -> Optional.of(new TaskShape(2, 2, 0, task.examples()));
            case BLOBS -> Optional.of(new TaskShape(task.features(), 2, 0, task.examples()));
            case MNIST, FASHION_MNIST -> Optional.of(new TaskShape(28 * 28, 10, 28, 70_000));
            case WDBC -> Optional.of(new TaskShape(30, 2, 0, 569));
            case CSV, IDX -> Optional.empty();
        };
    }
}
