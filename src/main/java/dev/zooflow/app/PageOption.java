package dev.zooflow.app;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The live page beside a run that this process performs. */
final class PageOption {

    @Option(
            names = "--dashboard",
            description = "Serves the live page, as `dashboard` does, at 127.0.0.1 while the run goes on.")
    private boolean dashboard;

    @Option(
            names = "--dashboard-port",
            paramLabel = "PORT",
            description = "The same at this port (default: " + DashboardCommand.PORT + "); 0 for any that is free.")
    private @Nullable Integer dashboardPort;

    /** Where it is to be, if it is. */
    OptionalInt port() {
        if (dashboardPort != null) {
            return OptionalInt.of(DashboardCommand.checked("dashboard-port", dashboardPort));
        }
        return dashboard ? OptionalInt.of(DashboardCommand.PORT) : OptionalInt.empty();
    }
}
