package dev.zooflow.actor;

import dev.zooflow.data.Dataset;
import dev.zooflow.data.Datasets;
import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.TaskSpec;
import dev.zooflow.graph.Architecture;
import dev.zooflow.message.Task;
import dev.zooflow.tensor.Seed;
import dev.zooflow.zoo.ImportedZoo;
import java.nio.file.Path;
import java.util.Map;

/** What every role needs of a task: its experiment, its data set, its seeds. Data sets are kept for the two latest. */
public final class TaskData {

    private record Key(TaskSpec task, long seed) {}

    private final Path dataDir;
    private final Recent<Key, Dataset> datasets = new Recent<>(2, dataset -> {});

    /** Data sets below this directory. */
    public TaskData(Path dataDir) {
        this.dataDir = dataDir;
    }

    /** The experiment that a task carries. */
    ExperimentSpec experiment(Task task) {
        return ExperimentFile.parse(task.experiment());
    }

    /**
     * The data that an experiment's networks learn.
     *
     * @throws dev.zooflow.experiment.UserError when it is missing or wrong
     */
    Dataset dataset(ExperimentSpec spec) {
        return dataset(spec.task(), spec.seed());
    }

    /** The data of a task, made and split from a seed. */
    Dataset dataset(TaskSpec task, long seed) {
        return datasets.get(new Key(task, seed), () -> Datasets.load(task, seed, dataDir));
    }

    /** The zoo that an experiment imports. */
    ImportedZoo importedZoo(ExperimentSpec spec) {
        return ImportedZoo.of(spec, dataset(spec), dataDir);
    }

    /** What results of an experiment come from. */
    Map<String, String> ingredients(ExperimentSpec spec) {
        return Ingredients.of(dataset(spec), ImportedZoo.ifAny(spec, dataset(spec), dataDir));
    }

    /** The architecture of an experiment's networks. */
    Architecture architecture(ExperimentSpec spec) {
        Dataset data = dataset(spec);
        return spec.network().architecture(data.features(), data.classes().size());
    }

    /** The seed of one piece of an experiment. */
    static Seed seed(ExperimentSpec spec, String... path) {
        Seed seed = new Seed(spec.seed());
        for (String name : path) {
            seed = seed.child(name);
        }
        return seed;
    }
}
