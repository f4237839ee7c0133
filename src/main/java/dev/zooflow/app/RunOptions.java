package dev.zooflow.app;

import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.RunId;
import dev.zooflow.message.BlobStore;
import dev.zooflow.message.Role;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalInt;
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

    @Option(
            names = "--dashboard",
            description = "Serves the live page, as `dashboard` does, at 127.0.0.1 while the run goes on.")
    private boolean dashboard;

    @Option(
            names = "--dashboard-port",
            paramLabel = "PORT",
            description = "The same at this port (default: " + DashboardCommand.PORT + "); 0 for any that is free.")
    private @Nullable Integer dashboardPort;

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
    void requireNoName(int runs) {
        if (name != null) {
            throw EachOption.nameOfMany(name, runs);
        }
    }

    /** Where large payloads lie: where the option says, else in this directory. */
    BlobStore store(AppSettings settings, Path otherwise) {
        return blobs.store(settings.blobs(), otherwise);
    }

    /** Where the live page is to be while the run goes on, if it is. */
    OptionalInt dashboard() {
        if (dashboardPort != null) {
            return OptionalInt.of(DashboardCommand.checked("dashboard-port", dashboardPort));
        }
        return dashboard ? OptionalInt.of(DashboardCommand.PORT) : OptionalInt.empty();
    }

    /** Roles of this process. */
    Set<Role> roles() {
        return Set.copyOf(roles);
    }
}
