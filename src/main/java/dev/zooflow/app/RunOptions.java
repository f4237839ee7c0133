package dev.zooflow.app;

import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.RunId;
import dev.zooflow.experiment.Variant;
import dev.zooflow.message.BlobStore;
import dev.zooflow.message.Role;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of commands that make a run and perform it in this process. */
final class RunOptions {

    @Mixin
    private SharedOptions shared;

    @Mixin
    private DataDirOption data;

    @Mixin
    private RunsDirOption runs;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "Name of the run (default: the experiment's name and the time).")
    private @Nullable String name;

    @Mixin
    private BlobsOption blobs;

    @Option(
            names = "--roles",
            paramLabel = "ROLE",
            split = ",",
            converter = RoleConverter.class,
            description = "Roles that work in this process (default: all): zoo-producer, trainer, sampler, evaluator.")
    private Set<Role> roles = EnumSet.allOf(Role.class);

    @Mixin
    private PageOption page;

    /** The settings of the process. */
    AppSettings settings() {
        return shared.settings();
    }

    /** Where data sets are. */
    Path dataDir() {
        return data.directory();
    }

    /** Where runs are, and the directory of this one is made. */
    RunsDirOption runs() {
        return runs;
    }

    /** The id of the run that begins. */
    RunId run(ExperimentSpec spec) {
        return Optional.ofNullable(name)
                .map(AbstractFleetCommand::run)
                .orElseGet(() -> RunId.create(spec.name(), Clock.systemUTC()));
    }

    /** Refuses a name where several runs begin. */
    void requireNoName(List<Variant> variants) {
        EachOption.requireNoName(name, variants);
    }

    /** Where large payloads lie: where the option says, else in this directory. */
    BlobStore store(AppSettings settings, Path otherwise) {
        return blobs.store(settings.blobs(), otherwise);
    }

    /** The live page while the run goes on. */
    PageOption page() {
        return page;
    }

    /** Roles of this process. */
    Set<Role> roles() {
        return Set.copyOf(roles);
    }
}
