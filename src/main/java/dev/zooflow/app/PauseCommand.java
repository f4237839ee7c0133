package dev.zooflow.app;

import dev.zooflow.experiment.UserError;
import dev.zooflow.message.RunEvent;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code zooflow pause}: nothing of a run is begun for the time being. */
@Command(
        name = "pause",
        description = "Lets workers finish what they do for a run and begin nothing more, until `continue`.")
final class PauseCommand extends AbstractFleetCommand {

    @Parameters(index = "0", paramLabel = "RUN", description = "The run's id.")
    private String run = "";

    @Override
    int perform(Wires wires) {
        Ledger ledger = Ledger.of(run(run), wires);
        if (ledger.life().over().isPresent() || ledger.life().paused()) {
            throw UserError.usage("run (%s) does not go on: %s. Maybe another run?".formatted(run, ledger.status()));
        }
        publish(wires, new RunEvent.RunPaused(ledger.run(), ledger.life().nextPause()));
        say(Map.of("run", run, "status", "paused"), "run %s is paused".formatted(run));
        return ExitCode.OK;
    }
}
