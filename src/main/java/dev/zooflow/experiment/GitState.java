package dev.zooflow.experiment;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The git commit of a directory.
 *
 * @param commit 40 hexadecimal digits
 * @param dirty whether tracked files differ from it
 */
record GitState(String commit, boolean dirty) {

    private static final long PATIENCE_SECONDS = 5;

    /** The state of the directory; empty where git is missing, slow, or the directory is no checkout. */
    static Optional<GitState> of(Path directory) {
        return git(directory, "rev-parse", "--verify", "HEAD")
                .filter(commit -> commit.matches("[0-9a-f]{40,64}"))
                .flatMap(commit -> git(directory, "status", "--porcelain", "--untracked-files=no")
                        .map(status -> new GitState(commit, !status.isEmpty())));
    }

    private static Optional<String> git(Path directory, String... arguments) {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command)
                    .directory(directory.toAbsolutePath().toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            // Read only after the end: a status too long for the pipe ends in the time-out and counts as unknown.
            boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly();
                return Optional.empty();
            }
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return process.exitValue() == 0 ? Optional.of(out) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
