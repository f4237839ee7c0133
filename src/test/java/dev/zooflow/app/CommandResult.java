package dev.zooflow.app;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/**
 * What a command did.
 *
 * @param code exit code
 * @param out standard output
 * @param err standard error
 */
record CommandResult(int code, String out, String err) {

    /** Runs a command in this process. */
    static CommandResult of(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Cli.create(new PrintWriter(out), new PrintWriter(err)).execute(args);
        return new CommandResult(code, out.toString(), err.toString());
    }

    /** Lines of standard error that are not empty. */
    List<String> errorLines() {
        return err.lines().filter(line -> !line.isBlank()).toList();
    }
}
