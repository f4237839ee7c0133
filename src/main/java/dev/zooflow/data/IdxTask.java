package dev.zooflow.data;

import dev.zooflow.experiment.TaskSpec;
import dev.zooflow.experiment.UserError;
import dev.zooflow.tensor.Seed;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A task from four IDX files: the validation split is cut from the training files, the test files stay whole and in
 * their order. Classes are the labels that occur in the training files, in ascending order.
 *
 * @param name of the task
 * @param training images and labels
 * @param test images and labels
 */
record IdxTask(String name, LabelledImages training, LabelledImages test) {

    /** Checks that the images have one size. */
    IdxTask {
        if (!training.shape().equals(test.shape())) {
            throw UserError.infrastructure(
                    "IDX files (%s, %s) hold images of different sizes, %s and %s. Maybe they belong to different data sets?"
                            .formatted(training.images().path(), test.images().path(), training.shape(), test.shape()));
        }
    }

    /** Four files named by the task. */
    static IdxTask ofFiles(TaskSpec task, Path dataDir) {
        LabelledImages training = LabelledImages.read(
                DataFiles.locate("task.train-images", task.trainImages(), dataDir),
                DataFiles.locate("task.train-labels", task.trainLabels(), dataDir));
        LabelledImages test = LabelledImages.read(
                DataFiles.locate("task.test-images", task.testImages(), dataDir),
                DataFiles.locate("task.test-labels", task.testLabels(), dataDir));
        return new IdxTask("idx", training, test);
    }

    /** The four files of a data set like MNIST, in the catalogue's order, with their hashes verified. */
    static IdxTask known(KnownDataset known, Path dataDir) {
        List<Path> paths = known.files().stream()
                .map(file -> known.locateVerified(dataDir, file))
                .toList();
        LabelledImages training = LabelledImages.read(paths.get(0), paths.get(1));
        LabelledImages test = LabelledImages.read(paths.get(2), paths.get(3));
        return new IdxTask(known.name(), training, test);
    }

    private List<IdxFile> files() {
        return List.of(training.images(), training.labels(), test.images(), test.labels());
    }

    Dataset dataset(TaskSpec task, Seed seed) {
        int[] labels = Arrays.stream(training.rawLabels()).distinct().sorted().toArray();
        int[] y = classes(labels, training, "training");
        Partition rows = Partition.stratified(y, labels.length, task.validationFraction(), 0, seed);
        int[] testRows = IntStream.range(0, test.images().count()).toArray();
        ImageShape shape = training.shape();
        return new Dataset(
                name,
                training.select(rows.train(), y),
                training.select(rows.validation(), y),
                test.select(testRows, classes(labels, test, "test")),
                Arrays.stream(labels).mapToObj(Integer::toString).toList(),
                shape.pixelNames(),
                Optional.of(shape),
                Normalisation.scale(shape.pixels(), LabelledImages.WHITE),
                hashes());
    }

    private int[] classes(int[] known, LabelledImages images, String splitName) {
        return Arrays.stream(images.rawLabels())
                .map(label -> {
                    int index = Arrays.binarySearch(known, label);
                    if (index < 0) {
                        throw DatasetChecks.unseen(name, Integer.toString(label), splitName);
                    }
                    return index;
                })
                .toArray();
    }

    private Map<String, String> hashes() {
        Map<String, String> hashes = new LinkedHashMap<>();
        for (IdxFile file : files()) {
            hashes.put(file.path().getFileName().toString(), file.sha256());
        }
        return hashes;
    }
}
