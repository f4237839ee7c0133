package dev.zooflow.app;

import dev.zooflow.experiment.UserError;
import dev.zooflow.kafka.LetterBox;
import dev.zooflow.kafka.LetterBox.Letter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code zooflow dlq show}: one dead letter. */
@Command(name = "show", description = "Shows a dead letter: why, its headers, its body.")
final class DlqShowCommand extends AbstractFleetCommand {

    private static final int SHOWN = 4_000;

    @Parameters(index = "0", paramLabel = "ID", description = "As `list` prints it.")
    private String id = "";

    @Option(names = "--out", paramLabel = "FILE", description = "Writes the body to a file, to be mended.")
    private @Nullable Path file;

    @Override
    int perform(Wires wires) {
        try (LetterBox box = new LetterBox(kafka())) {
            Letter letter = box.find(id)
                    .orElseThrow(() -> UserError.usage(
                            "dead letter (%s) is unknown. Maybe see `zooflow dlq list`?".formatted(id)));
            Map<String, Object> row = DlqListCommand.row(letter);
            row.put("headers", letter.headers());
            row.put("body_bytes", letter.body().length);
            if (json()) {
                out().println(write(row));
            } else {
                row.forEach((name, value) -> out().printf("%-12s %s%n", name, printable(String.valueOf(value))));
                out().println(body(letter));
            }
            save(letter);
        }
        return ExitCode.OK;
    }

    /** The beginning of the body as text. */
    private static String body(Letter letter) {
        String text = new String(letter.body(), StandardCharsets.UTF_8);
        return printable(text.substring(0, Math.min(SHOWN, text.length())));
    }

    private void save(Letter letter) {
        if (file != null) {
            try {
                Files.write(file, letter.body());
            } catch (IOException e) {
                throw UserError.infrastructure("file (%s) can't be written: %s. Maybe another?".formatted(file, e), e);
            }
        }
    }
}
