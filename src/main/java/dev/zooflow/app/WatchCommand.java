package dev.zooflow.app;

import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.message.Codec;
import dev.zooflow.message.Event;
import dev.zooflow.message.EventLog.Recorded;
import dev.zooflow.message.EventLog.Subscription;
import dev.zooflow.message.MessageTypes;
import dev.zooflow.message.RunEvent.RunCompleted;
import dev.zooflow.message.Topic;
import dev.zooflow.report.RunCollector;
import dev.zooflow.report.RunRecord;
import dev.zooflow.report.TrialTable;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code zooflow watch}: a run of the fleet, until its end. */
@Command(
        name = "watch",
        description = {
            "Follows a run of the fleet until its end, then prints the table of scores: a live view of its stages, trials,",
            "workers and queues on a terminal, else a line per change.",
            "Leaves with 0 when it completed and with 1 when some trial failed; Ctrl-C ends the watching only."
        })
final class WatchCommand extends AbstractFleetCommand {

    @Parameters(index = "0", paramLabel = "RUN", description = "The run's id.")
    private String run = "";

    @Option(
            names = "--output",
            paramLabel = "FORMAT",
            description = {
                "For scripts: a record for each change of the run, its zoo, a flow or a group, as json or csv. Fields: time,",
                "run, subject, state, step, progress, seconds, steps_per_second, eta_seconds, loss, accuracy, nn_ratio,",
                "novel_performant, note. A flow that is stopped early has the state stopped and the reason as its note.",
                "(--json prints every event whole.)"
            })
    private RecordView.@Nullable Format output;

    @Override
    int perform(Wires wires) {
        Ledger ledger = Ledger.of(run(run), wires);
        CompletableFuture<Recorded> end = new CompletableFuture<>();
        try (Interruption interruption = Interruption.watch(() -> "no longer watching; the run goes on");
                RunView view = view(ledger, wires)) {
            interruption.beforehand(view::hide);
            Map<Topic, Long> shown = new ConcurrentHashMap<>();
            Subscription subscription = wires.log().follow(ledger.run(), LiveRun.SHOWN, recorded -> {
                if (isEnd(recorded, ledger)) {
                    end.complete(recorded);
                } else if (!end.isDone()) {
                    show(recorded, shown, view);
                }
            });
            try {
                CompletableFuture.anyOf(end, interruption.requested()).join();
            } finally {
                subscription.close();
            }
            interruption.check();
            // Topics have no order between them: what others hold when the run is over belongs before its end.
            for (Topic topic : LiveRun.SHOWN) {
                wires.log().replay(ledger.run(), topic, recorded -> {
                    if (!isEnd(recorded, ledger) && recorded.ref().offset() > shown.getOrDefault(topic, -1L)) {
                        show(recorded, shown, view);
                    }
                });
            }
            view.on(end.join().event(), end.join().epochMillis());
        }
        return conclude(wires, ledger, (RunCompleted) end.join().event());
    }

    private static boolean isEnd(Recorded recorded, Ledger ledger) {
        return recorded.event() instanceof RunCompleted completed
                && completed.round() >= ledger.life().round();
    }

    private static void show(Recorded recorded, Map<Topic, Long> shown, RunView view) {
        shown.put(recorded.ref().topic(), recorded.ref().offset());
        view.on(recorded.event(), recorded.epochMillis());
    }

    private RunView view(Ledger ledger, Wires wires) {
        ExperimentSpec spec = ledger.spec();
        if (output != null) {
            return new RecordView(ledger.run(), spec, output, out());
        }
        return json() ? new JsonView() : RunView.create(ledger.run(), spec, wires, kafka(), out());
    }

    private int conclude(Wires wires, Ledger ledger, RunCompleted end) {
        if (!json() && output == null) {
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
        public void on(Event event, long epochMillis) {
            out().printf("{\"type\":\"%s\",\"data\":%s}%n", MessageTypes.typeOf(event.getClass()), Codec.json(event));
            out().flush();
        }

        @Override
        public void close() {
            out().flush();
        }
    }
}
