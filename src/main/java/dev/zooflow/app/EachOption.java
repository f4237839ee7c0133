package dev.zooflow.app;

import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.UserError;
import dev.zooflow.experiment.Variant;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** An experiment with several values of some of its keys. */
final class EachOption {

    @Option(
            names = "--each",
            paramLabel = "KEY=[VALUE, …]",
            description =
                    "A run for each value, for example 'network.hidden=[[8], [16, 16]]'; may be given several times.")
    private List<String> lists = List.of();

    /** All runs; they are checked before any begins. */
    List<Variant> load(Path file, List<String> overrides) {
        return ExperimentFile.loadAll(file, overrides, lists);
    }

    /** Says in the provenance of a run which of several it is. */
    static void addTo(Map<String, String> origin, Variant variant) {
        if (!variant.values().isEmpty()) {
            origin.put(Variant.EACH, variant.label());
        }
    }

    /** Whether the provenance of a run says that it is this one of several, or the only one. */
    static boolean isOf(Map<String, String> origin, Variant variant) {
        return origin.getOrDefault(Variant.EACH, "").equals(variant.label());
    }

    /** Refuses a name where several runs begin. */
    static void requireNoName(@Nullable String name, List<Variant> runs) {
        if (name != null && runs.size() > 1) {
            throw UserError.usage(
                    "--name (%s) is that of one run, but here are %d. Maybe name=%s, to which the time is added?"
                            .formatted(name, runs.size(), name));
        }
    }
}
