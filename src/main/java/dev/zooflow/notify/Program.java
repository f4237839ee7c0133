package dev.zooflow.notify;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a command with a notice as JSON on its standard input; what it prints is dropped, its exit code counts. */
final class Program implements Channel {

    private static final Logger LOG = LoggerFactory.getLogger(Program.class);

    private final List<String> command;
    private final Duration timeout;

    Program(List<String> command, Duration timeout) {
        this.command = List.copyOf(command);
        this.timeout = timeout;
    }

    @Override
    public void tell(Notice notice) throws IOException, InterruptedException {
        Process process = start();
        try {
            write(process, notice);
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("the command did not end within " + timeout);
            }
            if (process.exitValue() != 0) {
                throw new IOException("the command ended with " + process.exitValue());
            }
        } finally {
            process.destroyForcibly();
        }
    }

    private Process start() throws IOException {
        try {
            return new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new IOException("the command (%s) can't be started".formatted(command.get(0)), e);
        }
    }

    private static void write(Process process, Notice notice) {
        try (OutputStream in = process.getOutputStream()) {
            in.write((notice.json() + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            LOG.debug("the command did not read its input", e);
        }
    }

    @Override
    public String toString() {
        return "command";
    }
}
