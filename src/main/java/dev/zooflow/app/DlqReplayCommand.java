package dev.zooflow.app;

import dev.zooflow.experiment.UserError;
import dev.zooflow.kafka.LetterBox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code zooflow dlq replay}: a dead letter is sent on its way again. */
@Command(
        name = "replay",
        description = {
            "Sends dead letters on their way again, once what was wrong is mended.",
            "A task of a run that gave it up is tried again by `retry`, not by this."
        })
final class DlqReplayCommand extends AbstractFleetCommand {

    @Parameters(index = "0..*", arity = "1..*", paramLabel = "ID", description = "As `list` prints them.")
    private List<String> ids = List.of();

    @Option(names = "--body", paramLabel = "FILE", description = "This body instead of the old one.")
    private @Nullable Path body;

    @Override
    int perform(Wires wires) {
        Optional<byte[]> mended = Optional.ofNullable(body).map(DlqReplayCommand::read);
        try (LetterBox box = new LetterBox(kafka())) {
            for (String id : ids) {
                box.replay(id, mended);
                say(Map.of("id", id, "replayed", true), "%s is on its way".formatted(id));
            }
        }
        return ExitCode.OK;
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw UserError.infrastructure("file (%s) can't be read: %s. Maybe another?".formatted(file, e), e);
        }
    }
}
