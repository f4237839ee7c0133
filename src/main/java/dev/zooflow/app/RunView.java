package dev.zooflow.app;

import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.message.Event;
import java.io.PrintWriter;

/** What the terminal shows of a run while it goes on. Events come one at a time. */
interface RunView extends AutoCloseable {

    /** Something happened. */
    void on(Event event);

    /** The run goes on no more. */
    @Override
    void close();

    /** Bars where a person watches a terminal, otherwise a line per change. */
    static RunView create(ExperimentSpec spec, PrintWriter out) {
        return Terminal.isInteractive() ? new BarView(spec) : new LineView(spec, out);
    }
}
