package dev.zooflow.app;

import dev.zooflow.experiment.RunId;
import dev.zooflow.message.Codec;
import dev.zooflow.message.EventLog.Recorded;
import dev.zooflow.message.MessageTypes;
import dev.zooflow.message.RunEvent.RunSubmitted;
import dev.zooflow.message.Topic;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code zooflow logs}: everything that happened in a run. */
@Command(
        name = "logs",
        description = "Prints every event of a run's life, its tasks, checkpoints and scores, with its time.")
final class LogsCommand extends AbstractFleetCommand {

    @Parameters(
            index = "0",
            paramLabel = "RUN",
            description = "The run's id, with --bootstrap-servers, or its directory, runs/<run>.")
    private String run = "";

    @Override
    boolean takesDirectory() {
        return true;
    }

    @Override
    public Integer call() {
        return isDirectory(run) ? performIn(Path.of(run)) : super.call();
    }

    @Override
    int perform(Wires wires) {
        RunId id = isDirectory(run) ? RunDirectory.id(Path.of(run)) : run(run);
        Ledger ledger = Ledger.of(id, wires);
        List<Recorded> events = new ArrayList<>();
        for (Topic topic : List.of(Topic.RUNS, Topic.FLOWS, Topic.SCORES)) {
            wires.log().replay(ledger.run(), topic, events::add);
        }
        events.sort(Comparator.comparingLong(Recorded::epochMillis));
        events.forEach(this::print);
        return ExitCode.OK;
    }

    private void print(Recorded recorded) {
        String type = MessageTypes.typeOf(recorded.event().getClass());
        Instant time = Instant.ofEpochMilli(recorded.epochMillis());
        if (json()) {
            out().printf(
                            "{\"time\":\"%s\",\"id\":\"%s\",\"type\":\"%s\",\"data\":%s}%n",
                            time, recorded.event().id(), type, Codec.json(recorded.event()));
        } else {
            String shown = recorded.event() instanceof RunSubmitted ? "" : " " + Codec.json(recorded.event());
            out().printf("%s %s%s%n", time, recorded.event().id(), shown);
        }
    }
}
