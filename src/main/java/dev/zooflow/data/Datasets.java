package dev.zooflow.data;

import dev.zooflow.experiment.TaskShape;
import dev.zooflow.experiment.TaskSpec;
import dev.zooflow.experiment.UserError;
import dev.zooflow.tensor.Seed;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Makes the {@link Dataset} that a task describes: generates it or loads it from a local folder, never the network. */
public final class Datasets {

    private Datasets() {}

    /**
     * The task's examples in three disjoint splits. The same task, seed and files give the same splits.
     *
     * <p>The fractions count all examples, each class in proportion; for idx kinds the validation split is cut from the
     * training files and the test files stay as they are. Examples that stand in a file more than once may come to lie
     * in different splits.
     *
     * @param seed root of generation and splitting
     * @param dataDir folder with the files of csv, idx and the known data sets; not read for synthetic kinds
     * @throws UserError if a file is missing, damaged, or not the right one, if a cell cannot be used, or if a class has
     *     no training example
     */
    public static Dataset load(TaskSpec task, long seed, Path dataDir) {
        Seed root = new Seed(seed).child("data");
        return switch (task.kind()) {
            case DIGITS -> SyntheticTask.digits(task, root);
            case SPIRALS -> SyntheticTask.spirals(task, root);
            case TWO_MOONS -> SyntheticTask.twoMoons(task, root);
            case BLOBS -> SyntheticTask.blobs(task, root);
            case CSV -> csv(task, dataDir).dataset(task, task.standardise(), root.child("split"));
            case IDX -> IdxTask.ofFiles(task, dataDir).dataset(task, root.child("split"));
            case MNIST -> IdxTask.known(DataCatalog.MNIST, dataDir).dataset(task, root.child("split"));
            case FASHION_MNIST ->
                IdxTask.known(DataCatalog.FASHION_MNIST, dataDir).dataset(task, root.child("split"));
            case WDBC -> Wdbc.read(dataDir).dataset(task, true, root.child("split"));
        };
    }

    /**
     * What a task's examples are like, which the files of csv and idx say; empty where these are not there.
     *
     * @throws UserError as {@link #load}, of csv and idx
     */
    public static Optional<TaskShape> shape(TaskSpec task, long seed, Path dataDir) {
        Optional<TaskShape> known = TaskShape.of(task);
        List<String> files = task.kind() == TaskSpec.Kind.CSV
                ? List.of(task.file())
                : List.of(task.trainImages(), task.trainLabels(), task.testImages(), task.testLabels());
        return known.isEmpty() && files.stream().allMatch(file -> DataFiles.isThere(file, dataDir))
                ? Optional.of(shape(load(task, seed, dataDir)))
                : known;
    }

    private static TaskShape shape(Dataset dataset) {
        int side = dataset.image()
                .filter(image -> image.height() == image.width())
                .map(ImageShape::height)
                .orElse(0);
        int examples = dataset.train().size()
                + dataset.validation().size()
                + dataset.test().size();
        return new TaskShape(dataset.features(), dataset.classes().size(), side, examples);
    }

    private static TableTask csv(TaskSpec task, Path dataDir) {
        Path path = DataFiles.locate("task.file", task.file(), dataDir);
        String fileName = String.valueOf(path.getFileName());
        return new TableTask(fileName, fileName, CsvReader.read(path, CsvLayout.of(task)));
    }
}
