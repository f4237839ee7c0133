package dev.zooflow.app;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code zooflow retry}: what was given up is tried again. */
@Command(name = "retry", description = "Tries a run's failed tasks again, each for as many attempts as the first time.")
final class RetryCommand extends AbstractGoOnCommand {

    @Option(names = "--failed", required = true, description = "All tasks that were given up.")
    private boolean failed;

    @Override
    boolean retry() {
        return failed;
    }
}
