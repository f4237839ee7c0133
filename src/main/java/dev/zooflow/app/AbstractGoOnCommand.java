package dev.zooflow.app;

import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** What commands share that let a run go on, be it of the fleet or of a directory. */
abstract class AbstractGoOnCommand extends AbstractFleetCommand {

    @Mixin
    private DataDirOption data;

    @Parameters(
            index = "0",
            paramLabel = "RUN",
            description = "The run's id, with --bootstrap-servers, or its directory, runs/<run>.")
    private String run = "";

    /** Whether tasks that were given up are tried again. */
    abstract boolean retry();

    private Resumption resumption() {
        return new Resumption(settings(), data.directory(), retry(), out());
    }

    @Override
    public Integer call() {
        boolean local = settings().kafka().bootstrapServers().isEmpty() && Resumption.isDirectory(Path.of(run));
        return local ? resumption().inDirectory(Path.of(run), store(Path.of(run).resolve("blobs"))) : super.call();
    }

    @Override
    int perform(Wires wires) {
        say(Map.of("run", run, "status", "running"), resumption().inFleet(wires, run(run)));
        return ExitCode.OK;
    }
}
