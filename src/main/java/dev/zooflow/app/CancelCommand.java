package dev.zooflow.app;

import dev.zooflow.experiment.UserError;
import dev.zooflow.message.RunEvent;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code zooflow cancel}: a run is wanted no more. */
@Command(
        name = "cancel",
        description =
                "Ends a run: what is being worked on is stopped, the rest is not begun. `resume` takes it up again.")
final class CancelCommand extends AbstractFleetCommand {

    @Parameters(index = "0", paramLabel = "RUN", description = "The run's id.")
    private String run = "";

    @Override
    int perform(Wires wires) {
        Ledger ledger = Ledger.of(run(run), wires);
        if (ledger.life().over().isPresent()) {
            throw UserError.usage("run (%s) is over: %s. Maybe another run?".formatted(run, ledger.status()));
        }
        publish(
                wires,
                new RunEvent.RunCompleted(
                        ledger.run(), ledger.life().round(), List.of(RunEvent.RunCompleted.CANCELLED), 0));
        say(Map.of("run", run, "status", "cancelled"), "run %s is cancelled".formatted(run));
        return ExitCode.OK;
    }
}
