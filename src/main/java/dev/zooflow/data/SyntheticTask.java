package dev.zooflow.data;

import dev.zooflow.experiment.TaskSpec;
import dev.zooflow.experiment.UserError;
import dev.zooflow.tensor.Seed;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Tasks whose examples are generated from a seed; the same task and seed give the same examples everywhere. */
final class SyntheticTask {

    private static final List<String> PLANE = List.of("x", "y");

    private SyntheticTask() {}

    static Dataset digits(TaskSpec task, Seed seed) {
        ImageShape shape = new ImageShape(task.imageSize(), task.imageSize());
        checkSize(task, shape.pixels(), Digits.CLASSES);
        Split examples = new Digits(task.imageSize(), task.distortion(), task.noise())
                .generate(task.examples(), seed.child("examples"));
        String name = "digits-%dx%d".formatted(shape.height(), shape.width());
        return dataset(name, task, seed, examples, names("", Digits.CLASSES), shape.pixelNames(), Optional.of(shape));
    }

    static Dataset spirals(TaskSpec task, Seed seed) {
        checkSize(task, PLANE.size(), task.arms());
        Split examples = new Spirals(task.arms(), task.noise()).generate(task.examples(), seed.child("examples"));
        return dataset("spirals", task, seed, examples, names("arm-", task.arms()), PLANE, Optional.empty());
    }

    static Dataset twoMoons(TaskSpec task, Seed seed) {
        checkSize(task, PLANE.size(), 2);
        Split examples = new TwoMoons(task.noise()).generate(task.examples(), seed.child("examples"));
        return dataset("two-moons", task, seed, examples, List.of("upper", "lower"), PLANE, Optional.empty());
    }

    static Dataset blobs(TaskSpec task, Seed seed) {
        checkSize(task, task.features(), 2);
        Split examples = new Blobs(task.features(), task.noise()).generate(task.examples(), seed.child("examples"));
        List<String> inputs = names("x", task.features());
        return dataset("blobs", task, seed, examples, List.of("lower", "upper"), inputs, Optional.empty());
    }

    private static void checkSize(TaskSpec task, int features, int classes) {
        if (task.examples() < classes) {
            throw UserError.usage("task.examples (%d) is fewer than the %d classes. Maybe %d?"
                    .formatted(task.examples(), classes, 100 * classes));
        }
        long largest = (Integer.MAX_VALUE - 8L) / features;
        if (task.examples() > largest) {
            throw UserError.usage(
                    "task.examples (%d) of %d features are more than fit into one array. Maybe at most %d?"
                            .formatted(task.examples(), features, largest));
        }
    }

    private static List<String> names(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
    }

    private static Dataset dataset(
            String name,
            TaskSpec task,
            Seed seed,
            Split examples,
            List<String> classes,
            List<String> inputs,
            Optional<ImageShape> image) {
        Partition rows = Partition.stratified(
                examples.y(), classes.size(), task.validationFraction(), task.testFraction(), seed.child("split"));
        return new Dataset(
                name,
                examples.select(rows.train()),
                examples.select(rows.validation()),
                examples.select(rows.test()),
                classes,
                inputs,
                image,
                Normalisation.identity(inputs.size()),
                Map.of("generated", Sha256.of(examples)));
    }
}
