package dev.zooflow.app;

import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.message.Codec;
import dev.zooflow.message.Event;
import dev.zooflow.message.EventLog.Subscription;
import dev.zooflow.message.MessageTypes;
import dev.zooflow.message.RunEvent.RunCompleted;
import dev.zooflow.message.Topic;
import dev.zooflow.report.RunCollector;
import dev.zooflow.report.RunRecord;
import dev.zooflow.report.TrialTable;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code zooflow watch}: a run of the fleet, until its end. */
@Command(
        name = "watch",
        description = {
            "Follows a run of the fleet: a line per change until its end, then the table of scores.",
            "Leaves with 0 when it completed and with 1 when some trial failed; Ctrl-C ends the watching only."
        })
final class WatchCommand extends AbstractFleetCommand {

    private static final Set<Topic> SHOWN = Set.of(Topic.RUNS, Topic.FLOWS, Topic.SCORES);

    @Parameters(index = "0", paramLabel = "RUN", description = "The run's id.")
    private String run = "";

    @Override
    int perform(Wires wires) {
        Ledger ledger = Ledger.of(run(run), wires);
        ExperimentSpec spec =
                ExperimentFile.parse(ledger.submission().orElseThrow().experiment());
        CompletableFuture<RunCompleted> end = new CompletableFuture<>();
        try (Interruption interruption = Interruption.watch(() -> "no longer watching; the run goes on");
                RunView view = json() ? new JsonView() : new LineView(spec, out())) {
            Subscription subscription = wires.log().follow(ledger.run(), SHOWN, recorded -> {
                view.on(recorded.event());
                if (recorded.event() instanceof RunCompleted completed
                        && completed.round() >= ledger.life().round()) {
                    end.complete(completed);
                }
            });
            try {
                CompletableFuture.anyOf(end, interruption.requested()).join();
            } finally {
                subscription.close();
            }
            interruption.check();
        }
        return conclude(wires, ledger, end.join());
    }

    private int conclude(Wires wires, Ledger ledger, RunCompleted end) {
        if (!json()) {
            RunCollector collector = new RunCollector(ledger.run(), 0);
            for (Topic topic : Set.of(Topic.RUNS, Topic.SCORES)) {
                wires.log().replay(ledger.run(), topic, recorded -> collector.accept(recorded.event()));
            }
            RunRecord record = collector.record();
            out().println();
            FinalTable.lines(record).forEach(out()::println);
            TextTable.lines(TrialTable.rows(record, Results.TRIALS_SHOWN)).forEach(out()::println);
            end.failed().forEach(task -> out().printf("failed: %s%n", task));
        }
        return end.failed().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
    }

    /** A JSON object for each event. */
    private final class JsonView implements RunView {
        @Override
        public void on(Event event) {
            out().printf("{\"type\":\"%s\",\"data\":%s}%n", MessageTypes.typeOf(event.getClass()), Codec.json(event));
            out().flush();
        }

        @Override
        public void close() {
            out().flush();
        }
    }
}
