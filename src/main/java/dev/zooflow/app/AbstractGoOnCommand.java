package dev.zooflow.app;

import dev.zooflow.experiment.UserError;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** What commands share that let a run go on, or begin another from it, be it of the fleet or of a directory. */
abstract class AbstractGoOnCommand extends AbstractFleetCommand {

    @Mixin
    private DataDirOption data;

    @Mixin
    private PageOption page;

    @Parameters(
            index = "0",
            paramLabel = "RUN",
            description = "The run's id, with --bootstrap-servers, or its directory, runs/<run>.")
    private String run = "";

    /** Whether tasks that were given up are tried again. */
    boolean retry() {
        return false;
    }

    /** The run's id, or its directory. */
    String source() {
        return run;
    }

    Resumption resumption() {
        return new Resumption(settings(), data.directory(), new RunPage(page.port()), retry(), out());
    }

    /** Does for the run in a directory what the command is for; returns the exit code. */
    int inDirectory(Path directory) {
        return resumption().inDirectory(directory, store(RunDirectory.blobs(directory)));
    }

    @Override
    boolean takesDirectory() {
        return true;
    }

    @Override
    public Integer call() {
        boolean local = isDirectory(run);
        if (!local && page.port().isPresent()) {
            throw UserError.usage(
                    "run (%s) is no directory of a run, which this process would work on beside a --dashboard. Maybe runs/<run>, or `zooflow dashboard` for a fleet?"
                            .formatted(run));
        }
        return local ? inDirectory(Path.of(run)) : super.call();
    }

    @Override
    int perform(Wires wires) {
        say(Map.of("run", run, "status", "running"), resumption().inFleet(wires, run(run)));
        return ExitCode.OK;
    }
}
