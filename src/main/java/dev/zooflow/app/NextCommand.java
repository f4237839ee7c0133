package dev.zooflow.app;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * What a user may type after a command, with its options.
 *
 * @param given the command as it was given
 */
record NextCommand(ParseResult given) {

    /** The same once more with an option. */
    String with(String option) {
        List<String> words = new ArrayList<>(given.originalArgs());
        if (!words.contains(option)) {
            words.add(option);
        }
        return typed(words.stream());
    }

    /** One that goes on with a run in a directory. */
    String resume(Path run) {
        CommandSpec resume =
                given.commandSpec().parent().subcommands().get("resume").getCommandSpec();
        String name = RunDirectory.holdsLog(run) ? run.toString() : String.valueOf(run.getFileName());
        return typed(Stream.concat(
                Stream.of(resume.name(), name),
                given.matchedOptions().stream()
                        .filter(option -> resume.findOption(option.longestName()) != null)
                        .flatMap(NextCommand::words)));
    }

    private static Stream<String> words(OptionSpec option) {
        return option.arity().max() == 0
                ? Stream.of(option.longestName())
                : Stream.concat(Stream.of(option.longestName()), option.originalStringValues().stream());
    }

    private static String typed(Stream<String> words) {
        return Stream.concat(Stream.of("zooflow"), words.map(NextCommand::quoted))
                .collect(Collectors.joining(" "));
    }

    /** As a shell takes it. */
    static String quoted(String word) {
        return word.matches("[\\w./:=,@%+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
