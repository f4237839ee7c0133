package dev.zooflow.app;

import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.message.Event;
import java.io.PrintWriter;
import java.util.HashSet;
import java.util.Set;

/** A line per change, for logs and pipes. */
final class LineView implements RunView {

    private final Story story;
    private final PrintWriter out;
    private final Set<String> told = new HashSet<>();

    LineView(ExperimentSpec spec, PrintWriter out) {
        this.story = new Story(spec);
        this.out = out;
    }

    @Override
    public void on(Event event, long epochMillis) {
        if (!(event instanceof Event.MetricPoint) && told.add(event.id())) {
            story.tell(event).ifPresent(line -> {
                out.println(line);
                out.flush();
            });
        }
    }

    @Override
    public void close() {
        out.flush();
    }
}
