package dev.zooflow.app;

import dev.zooflow.experiment.UserError;
import dev.zooflow.message.RunEvent;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code zooflow continue}: the end of a pause. */
@Command(name = "continue", description = "Ends a pause of a run.")
final class ContinueCommand extends AbstractFleetCommand {

    @Parameters(index = "0", paramLabel = "RUN", description = "The run's id.")
    private String run = "";

    @Override
    int perform(Wires wires) {
        Ledger ledger = Ledger.of(run(run), wires);
        if (!ledger.life().paused()) {
            throw UserError.usage("run (%s) is not paused: %s. Maybe another run?".formatted(run, ledger.status()));
        }
        ledger.life().pauses().stream()
                .filter(number -> !ledger.life().continued().contains(number))
                .sorted()
                .forEach(number -> publish(wires, new RunEvent.RunContinued(ledger.run(), number)));
        say(Map.of("run", run, "status", "running"), "run %s goes on".formatted(run));
        return ExitCode.OK;
    }
}
