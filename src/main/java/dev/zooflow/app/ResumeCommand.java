package dev.zooflow.app;

import picocli.CommandLine.Command;

/** {@code zooflow resume}: a run goes on after it was cut short. */
@Command(
        name = "resume",
        description = {
            "Goes on with a run that was cancelled or interrupted, or whose process died; repeats nothing that has finished.",
            "A run's directory is completed by this process; a run of the fleet by its workers."
        })
final class ResumeCommand extends AbstractGoOnCommand {}
