package dev.zooflow.app;

import dev.zooflow.experiment.UserError;
import dev.zooflow.message.AsyncApi;
import dev.zooflow.message.AtomicFile;
import dev.zooflow.message.MessageTypes;
import dev.zooflow.report.TopicsPage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code zooflow asyncapi}: what is on the topics, for programs and people. */
@Command(
        name = "asyncapi",
        description =
                "Prints the AsyncAPI 3.0 document of all topics and messages, with a JSON Schema of each message.")
final class AsyncApiCommand implements Callable<Integer> {

    @Spec
    private CommandSpec command;

    @ArgGroup(exclusive = true)
    private Instead instead = new Instead();

    /** Instead of the document. */
    private static final class Instead {
        @Option(names = "--html", paramLabel = "FILE", description = "Write it as a page for people.")
        private @Nullable Path html;

        @Option(
                names = "--schema",
                paramLabel = "MESSAGE",
                description = "Print one JSON Schema alone, for example of task-completed.")
        private @Nullable String message;
    }

    @Override
    public Integer call() {
        PrintWriter out = command.commandLine().getOut();
        if (instead.html != null) {
            write(instead.html);
            out.printf("page: %s%n", instead.html);
        } else if (instead.message != null) {
            out.println(schema(instead.message));
        } else {
            out.println(AsyncApi.document().toPrettyString());
        }
        out.flush();
        return ExitCode.OK;
    }

    private static void write(Path file) {
        try {
            AtomicFile.write(file, TopicsPage.write(AsyncApi.document()));
        } catch (IOException e) {
            throw UserError.infrastructure(String.valueOf(e.getMessage()), e);
        }
    }

    private static String schema(String message) {
        return AsyncApi.schema(message)
                .orElseThrow(() -> UserError.usage("message (%s) is unknown. Maybe one of %s?"
                        .formatted(message, String.join(", ", MessageTypes.all().keySet()))))
                .toPrettyString();
    }
}
