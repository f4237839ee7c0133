package dev.zooflow.app;

import dev.zooflow.data.DataCatalog;
import dev.zooflow.data.KnownDataset;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code zooflow data}: the public data sets that the program knows. */
@Command(name = "data", description = "Lists and fetches public data sets.", synopsisSubcommandLabel = "COMMAND")
final class DataCommand implements Runnable {

    @Spec
    private CommandSpec command;

    @Override
    public void run() {
        throw new ParameterException(command.commandLine(), "no command given");
    }

    @Command(name = "list", description = "Lists the data sets and where they come from.")
    int list() {
        PrintWriter out = out();
        List<KnownDataset> all = DataCatalog.all();
        int width = all.stream().mapToInt(d -> d.name().length()).max().orElse(0);
        for (KnownDataset d : all) {
            out.printf(
                    "%-" + width + "s  %s; %s%n",
                    d.name(),
                    d.description(),
                    d.sources().get(0));
        }
        out.flush();
        return ExitCode.OK;
    }

    @Command(
            name = "fetch",
            description =
                    "Downloads a data set and verifies its hashes. This is the only command that uses the network.")
    int fetch(
            @Mixin DataDirOption data,
            @Parameters(paramLabel = "NAME", description = "One of those that `data list` shows.") String name) {
        PrintWriter out = out();
        DataCatalog.fetch(name, data.directory(), line -> {
            out.println(line);
            out.flush();
        });
        return ExitCode.OK;
    }

    private PrintWriter out() {
        CommandLine line = command.commandLine();
        return line.getOut();
    }
}
