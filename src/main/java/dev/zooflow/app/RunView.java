package dev.zooflow.app;

import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.RunId;
import dev.zooflow.kafka.KafkaSettings;
import dev.zooflow.message.Event;
import java.io.PrintWriter;

/** What is shown of a run while it goes on. Events come one at a time. */
interface RunView extends AutoCloseable {

    /** Something happened, at this time. */
    void on(Event event, long epochMillis);

    /** Draws no more, so that something else can be told; may be called by any thread, and more than once. */
    default void hide() {}

    /** The run goes on no more. */
    @Override
    void close();

    /** A picture where a person watches a terminal, otherwise a line per change. */
    static RunView create(RunId run, ExperimentSpec spec, Wires wires, KafkaSettings kafka, PrintWriter out) {
        return Terminal.isInteractive()
                ? LiveView.open(run, spec, new FleetWorkforce(wires, kafka))
                : new LineView(spec, out);
    }
}
