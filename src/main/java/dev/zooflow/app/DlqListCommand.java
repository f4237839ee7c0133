package dev.zooflow.app;

import dev.zooflow.kafka.LetterBox;
import dev.zooflow.kafka.LetterBox.Letter;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code zooflow dlq list}: all dead letters. */
@Command(name = "list", description = "Lists dead letters, those that were replayed left out.")
final class DlqListCommand extends AbstractFleetCommand {

    @Option(names = "--all", description = "Those that were replayed, too.")
    private boolean all;

    @Override
    int perform(Wires wires) {
        try (LetterBox box = new LetterBox(kafka())) {
            List<Letter> letters =
                    box.list().stream().filter(l -> all || !l.replayed()).toList();
            letters.forEach(l -> say(row(l), "%s  %s  %s".formatted(l.id(), l.type(), l.reason())));
            if (letters.isEmpty() && !json()) {
                out().println("no dead letters");
            }
        }
        return ExitCode.OK;
    }

    static Map<String, Object> row(Letter letter) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", letter.id());
        row.put("time", Instant.ofEpochMilli(letter.epochMillis()).toString());
        row.put("type", letter.type());
        row.put("reason", letter.reason());
        row.put("replayed", letter.replayed());
        return row;
    }
}
