package dev.zooflow.app;

import dev.zooflow.experiment.Each;
import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.UserError;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** An experiment with several values of some of its keys. */
final class EachOption {

    @Option(
            names = "--each",
            paramLabel = "KEY=[VALUE, …]",
            description =
                    "A run for each value, for example 'network.hidden=[[8], [16, 16]]'; may be given several times.")
    private List<String> lists = List.of();

    /**
     * One of the runs.
     *
     * @param spec its experiment
     * @param values those of the keys, {@code key=value} each
     */
    record Variant(ExperimentSpec spec, List<String> values) {

        /** Says in the provenance of a run which of several it is. */
        void addTo(Map<String, String> origin) {
            if (!values.isEmpty()) {
                origin.put("each", String.join(" ", values));
            }
        }
    }

    /** Refuses a name where several runs begin. */
    static UserError nameOfMany(String name, int runs) {
        return UserError.usage(
                "--name (%s) is that of one run, but --each makes %d. Maybe name=%s, to which the time is added?"
                        .formatted(name, runs, name));
    }

    /** All runs; they are checked before any begins. */
    List<Variant> load(Path file, List<String> overrides) {
        return Each.combinations(lists).stream()
                .map(values -> new Variant(
                        ExperimentFile.load(
                                file,
                                Stream.concat(overrides.stream(), values.stream())
                                        .toList()),
                        values))
                .toList();
    }
}
