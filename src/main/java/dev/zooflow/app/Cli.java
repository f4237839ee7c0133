package dev.zooflow.app;

import dev.zooflow.experiment.Provenance;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command line. */
@Command(
        name = "zooflow",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = Cli.Version.class,
        description = {
            "Learns the distribution of good weights: trains a zoo of networks, fits flows over their weights,",
            "draws new networks from them, and scores those for accuracy and novelty."
        },
        subcommands = {
            RunCommand.class,
            RerunCommand.class,
            ValidateCommand.class,
            KeysCommand.class,
            ExportCommand.class,
            LsCommand.class,
            ShowCommand.class,
            BestCommand.class,
            CompareCommand.class,
            DataCommand.class,
            BrokerCommand.class,
            WorkerCommand.class,
            SubmitCommand.class,
            StatusCommand.class,
            WatchCommand.class,
            DashboardCommand.class,
            ReportCommand.class,
            PauseCommand.class,
            ContinueCommand.class,
            CancelCommand.class,
            ResumeCommand.class,
            RetryCommand.class,
            ExtendCommand.class,
            LogsCommand.class,
            AsyncApiCommand.class,
            DlqCommand.class,
            GcCommand.class,
            DoctorCommand.class,
            HealthCommand.class,
            BenchCommand.class,
            HelpCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all good",
            "1:some trial failed",
            "2:wrong usage or configuration",
            "3:infrastructure: Kafka, disk or data",
            "4:the scores of a rerun differ",
            "130:interrupted",
            "143:told to stop (SIGTERM)"
        })
final class Cli implements Runnable {

    @Spec
    private CommandSpec spec;

    @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Print the stack trace of an error, too.")
    private boolean verbose;

    /** Name and version of the program. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"zooflow " + Provenance.versions().getOrDefault("zooflow", "unknown")};
        }
    }

    /** The command line, writing to these. */
    static CommandLine create(PrintWriter out, PrintWriter err) {
        Cli cli = new Cli();
        CommandLine line = new CommandLine(cli)
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true);
        line.setParameterExceptionHandler(ErrorLines::onUsage);
        line.setExecutionExceptionHandler(
                (error, command, result) -> ErrorLines.onFailure(error, command, cli.verbose));
        line.setExecutionStrategy(result -> cli.execute(result, line));
        return line;
    }

    /** The virtual machine's own errors, which picocli does not handle, end like all others. */
    private int execute(ParseResult result, CommandLine line) {
        try {
            return new RunLast().execute(result);
        } catch (Error e) {
            return ErrorLines.onFailure(e, line, verbose);
        }
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "no command given");
    }
}
