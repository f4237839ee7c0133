package dev.zooflow.data;

import dev.zooflow.experiment.UserError;
import java.util.List;

/** What every task must fulfil before a network can be trained and tested on it. */
final class DatasetChecks {

    private DatasetChecks() {}

    static void check(String name, List<String> classes, Split train, Split validation, Split test) {
        checkFilled(name, "training", train);
        checkFilled(name, "validation", validation);
        checkFilled(name, "test", test);
        if (classes.size() < 2) {
            throw UserError.infrastructure(
                    "task (%s) has only the class %s, so there is nothing to tell apart. Maybe another label column?"
                            .formatted(name, classes));
        }
        boolean[] seen = occurring(train, classes.size());
        checkSeen(name, "validation", validation, seen, classes);
        checkSeen(name, "test", test, seen, classes);
    }

    private static void checkFilled(String name, String splitName, Split split) {
        if (split.size() == 0) {
            throw UserError.infrastructure(
                    "task (%s) has no example in its %s split. Maybe more examples, or a larger validation-fraction or test-fraction?"
                            .formatted(name, splitName));
        }
    }

    private static boolean[] occurring(Split split, int classes) {
        boolean[] seen = new boolean[classes];
        for (int y : split.y()) {
            seen[y] = true;
        }
        return seen;
    }

    private static void checkSeen(
            String name, String splitName, Split split, boolean[] seenInTraining, List<String> classes) {
        for (int y : split.y()) {
            if (!seenInTraining[y]) {
                throw unseen(name, classes.get(y), splitName);
            }
        }
    }

    /** The error for a class that no network could learn. */
    static UserError unseen(String name, String className, String splitName) {
        return UserError.infrastructure(
                "class (%s) of task (%s) occurs in the %s split but has no training example. Maybe remove its examples from the %s data or add some to the training data?"
                        .formatted(className, name, splitName, splitName));
    }
}
