package dev.zooflow.app;

import dev.zooflow.experiment.Reference;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code zooflow keys}: what may stand in a file, and what it means. */
@Command(
        name = "keys",
        description = {
            "Prints every key with its default and its explanation: keys of an experiment file and, below zooflow, those of a",
            "settings file. Elements of flows, samplings and published have the keys of flow, sampling and publication."
        })
final class KeysCommand implements Callable<Integer> {

    @Spec
    private CommandSpec command;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "PREFIX",
            description = "Only keys that begin so, for example flow.training (default: all).")
    private String prefix = "";

    @Override
    public Integer call() {
        PrintWriter out = command.commandLine().getOut();
        out.println(Reference.read().beginningWith(prefix).stream()
                .map(KeysCommand::paragraph)
                .collect(Collectors.joining("\n\n")));
        out.flush();
        return ExitCode.OK;
    }

    private static String paragraph(Reference.Entry entry) {
        return Stream.concat(
                        entry.keys().stream().map(Reference.Key::line),
                        entry.explanation().stream().map("    "::concat))
                .collect(Collectors.joining("\n"));
    }
}
