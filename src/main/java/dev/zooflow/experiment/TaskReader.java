package dev.zooflow.experiment;

import dev.zooflow.experiment.TaskSpec.Kind;

/** Reads and checks {@code task}. */
final class TaskReader {

    private TaskReader() {}

    static TaskSpec read(Settings s) {
        TaskSpec task = new TaskSpec(
                s.choice("kind", Kind.class),
                s.real("validation-fraction", 0.001, 0.9),
                s.real("test-fraction", 0.001, 0.9),
                s.integer("examples", 20, 10_000_000),
                s.integer("image-size", 8, 64),
                s.real("noise", 0, 10),
                s.real("distortion", 0, 10),
                s.integer("arms", 2, 100),
                s.integer("features", 1, 65_536),
                s.text("file"),
                s.text("label"),
                s.texts("ignore"),
                s.flag("header"),
                s.character("delimiter"),
                s.flag("standardise"),
                s.text("train-images"),
                s.text("train-labels"),
                s.text("test-images"),
                s.text("test-labels"));
        checkSplit(s, task);
        checkFiles(s, task.kind());
        return task;
    }

    private static void checkSplit(Settings s, TaskSpec task) {
        if (task.validationFraction() + task.testFraction() > 0.95) {
            throw s.error(
                    s.written("validation-fraction", "test-fraction"),
                    "leaves less than 5 % of the examples to train on",
                    "Maybe 0.1?");
        }
    }

    private static void checkFiles(Settings s, Kind kind) {
        if (kind == Kind.CSV) {
            require(s, "file", "data.csv");
            require(s, "label", "\"-1\" (the last column)");
        }
        if (kind == Kind.IDX) {
            require(s, "train-images", "train-images-idx3-ubyte.gz");
            require(s, "train-labels", "train-labels-idx1-ubyte.gz");
            require(s, "test-images", "t10k-images-idx3-ubyte.gz");
            require(s, "test-labels", "t10k-labels-idx1-ubyte.gz");
        }
    }

    private static void require(Settings s, String key, String example) {
        if (s.text(key).isBlank()) {
            throw s.error(
                    s.written(key, "kind"),
                    "needs %s, which is empty".formatted(s.path(key)),
                    "Maybe %s = %s?".formatted(s.path(key), example));
        }
    }
}
