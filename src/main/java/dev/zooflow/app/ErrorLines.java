package dev.zooflow.app;

import dev.zooflow.blob.BlobStores;
import dev.zooflow.experiment.UserError;
import dev.zooflow.message.StoreUnavailableException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What a user sees of an error: one line and an exit code. The stack trace goes to the log of the run. */
final class ErrorLines {

    private ErrorLines() {}

    /** Arguments that make no sense. */
    static int onUsage(ParameterException error, String[] args) {
        CommandLine command = error.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("error: " + oneLine(error.getMessage()));
        if (!UnmatchedArgumentException.printSuggestions(error, err)) {
            err.printf("Maybe see '%s --help'?%n", command.getCommandSpec().qualifiedName());
        }
        err.flush();
        return ExitCode.USAGE;
    }

    /** A command that failed. */
    static int onFailure(Throwable error, CommandLine command, boolean verbose) {
        PrintWriter err = command.getErr();
        if (error instanceof Interruption.InterruptedRunException) {
            return ExitCode.INTERRUPTED; // the user knows, and was told already
        }
        Throwable shown = error instanceof UncheckedIOException && error.getCause() instanceof StoreUnavailableException
                ? BlobStores.unusable((IOException) error.getCause())
                : error;
        err.println(line(shown));
        if (verbose) {
            error.printStackTrace(err);
        }
        err.flush();
        return exitCode(shown);
    }

    private static String line(Throwable error) {
        if (error instanceof UserError) {
            return "error: " + oneLine(error.getMessage());
        }
        Optional<String> log = RunLog.current();
        return "error: %s: %s. %s"
                .formatted(
                        error.getClass().getSimpleName(),
                        oneLine(error.getMessage()),
                        log.map(file -> "See " + file + " for where it happened.")
                                .orElse("Run it with --verbose to see where it happened."));
    }

    private static int exitCode(Throwable error) {
        return error instanceof UserError user ? user.exitCode() : ExitCode.FAILED;
    }

    private static String oneLine(String message) {
        return String.valueOf(message).strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
