package dev.zooflow.experiment;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * The git commit of a directory, and what differs from it.
 *
 * @param commit 40 hexadecimal digits
 * @param diff of tracked files, as {@code git apply} reads it unless it is cut off; empty when nothing differs
 */
record GitState(String commit, String diff) {

    /** How many bytes of a diff are kept; it travels with the submission of a run. */
    static final int LONGEST_DIFF = 64 << 10;

    /** Stands at the end of a diff that was longer. */
    static final String CUT_OFF = "\n[cut off after %d bytes]\n".formatted(LONGEST_DIFF);

    private static final long PATIENCE_SECONDS = 5;

    /** The state of the directory; empty where git is missing, slow, or the directory is no checkout. */
    static Optional<GitState> of(Path directory) {
        return git(directory, "rev-parse", "--verify", "HEAD")
                .map(String::strip)
                .filter(commit -> commit.matches("[0-9a-f]{40,64}"))
                .flatMap(commit -> git(directory, "diff", "--no-ext-diff", "--no-textconv", "--no-color", "HEAD")
                        .map(diff -> new GitState(commit, diff)));
    }

    /** Whether tracked files differ from the commit. */
    boolean dirty() {
        return !diff.isEmpty();
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
            return output(process);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** What it prints, cut off; empty when it fails or takes too long. */
    private static Optional<String> output(Process process) {
        try {
            byte[] bytes = CompletableFuture.supplyAsync(() -> read(process))
                    .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .join();
            if (bytes.length > LONGEST_DIFF) {
                return Optional.of(new String(bytes, 0, LONGEST_DIFF, StandardCharsets.UTF_8) + CUT_OFF);
            }
            boolean good = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
            return good ? Optional.of(new String(bytes, StandardCharsets.UTF_8)) : Optional.empty();
        } catch (CompletionException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } finally {
            process.destroyForcibly();
        }
    }

    private static byte[] read(Process process) {
        try (InputStream in = process.getInputStream()) {
            return in.readNBytes(LONGEST_DIFF + 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
