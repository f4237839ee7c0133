package dev.zooflow.app;

import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.RunId;
import dev.zooflow.kafka.KafkaSettings;
import java.io.PrintWriter;
import java.util.OptionalInt;

/**
 * The live page beside a run of this process.
 *
 * @param port where it is, on the loopback interface; there is none without one
 */
record RunPage(OptionalInt port) {

    /** What is shown of the run, in the terminal and on the page, until it is closed. */
    RunView view(RunId run, ExperimentSpec spec, Wires wires, KafkaSettings kafka, PrintWriter out) {
        if (port.isEmpty()) {
            return RunView.create(run, spec, wires, kafka, out);
        }
        LiveBoard board = LiveBoard.start(DashboardCommand.LOOPBACK, port.getAsInt(), kafka, wires.log());
        out.printf("dashboard at %s while the run goes on%n", board.address());
        out.flush();
        try {
            return new DashboardView(RunView.create(run, spec, wires, kafka, out), board);
        } catch (RuntimeException | Error e) {
            board.close();
            throw e;
        }
    }
}
