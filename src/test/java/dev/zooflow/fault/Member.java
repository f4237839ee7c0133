package dev.zooflow.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A process of a fleet that can be killed, stopped and started again. What it prints is kept in a file. One that is kept up
 * is started anew whenever it has ended, as a supervisor does it.
 */
public final class Member {

    private static final Pattern DASHBOARD = Pattern.compile("dashboard at (http://127\\.0\\.0\\.1:\\d+/)");

    private final List<String> command;
    private final Path log;
    private volatile Process process;
    private volatile boolean keptUp;
    private int restarts;
    private long begin;

    Member(List<String> command, Path log) {
        this.command = List.copyOf(command);
        this.log = log;
        this.process = launch();
    }

    private synchronized Process launch() {
        try {
            begin = Files.exists(log) ? Files.size(log) : 0;
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts it anew; it must have ended. */
    public synchronized void start() {
        assertThat(alive()).as("%s has ended", log).isFalse();
        process = launch();
    }

    /** From now on it is started anew when it has ended. */
    Member keepUp() {
        keptUp = true;
        return this;
    }

    /** Starts it anew if it is to be kept up and has ended. */
    synchronized void supervise() {
        if (keptUp && !alive()) {
            restarts++;
            process = launch();
        }
    }

    /** How often it was started anew by supervision. */
    public synchronized int restarts() {
        return restarts;
    }

    /** Ends it as a crash does: SIGKILL. */
    public synchronized void kill() {
        process.destroyForcibly();
        awaitEnd(Duration.ofMinutes(1));
    }

    /** Ends it for good. */
    void remove() {
        keptUp = false;
        kill();
    }

    /** Tells it to end in good order: SIGTERM. */
    public void terminate() {
        process.destroy();
    }

    /** Makes it stand still: SIGSTOP. */
    public void freeze() {
        signal("STOP");
    }

    /** Lets it go on: SIGCONT. */
    public void thaw() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            Process kill = new ProcessBuilder("sh", "-c", "kill -%s %d".formatted(name, process.pid())).start();
            assertThat(kill.waitFor()).as("kill -%s", name).isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits for its end and returns the exit code. */
    public int awaitEnd(Duration most) {
        try {
            assertThat(process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS))
                    .as("end of %s: %s", log, output())
                    .isTrue();
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The address of the dashboard that it serves, once it does. */
    public String dashboard() {
        Matcher address = DASHBOARD.matcher(awaitOutput("dashboard at").output());
        assertThat(address.find()).isTrue();
        return address.group(1);
    }

    /** Waits until it has printed a text in its present life. */
    public Member awaitOutput(String text) {
        Fleet.await("`%s` of %s".formatted(text, log), () -> latest().contains(text) || (!alive() && !keptUp));
        assertThat(latest()).contains(text);
        return this;
    }

    private synchronized String latest() {
        byte[] all = bytes();
        return new String(all, (int) begin, all.length - (int) begin, StandardCharsets.UTF_8);
    }

    /** Whether it runs or stands still. */
    public boolean alive() {
        return process.isAlive();
    }

    /** Whether events name it so: by host, process and start. */
    boolean isCalled(String name) {
        return name.contains("/%d/".formatted(pid()));
    }

    /** The id of its process. */
    public long pid() {
        return process.pid();
    }

    /** Its memory as the operating system counts it; 0 where that is not told. */
    public long residentMib() {
        return status("VmRSS:") / 1024;
    }

    /** Memory, threads and open files; zeros where the operating system does not tell. */
    Map<String, Long> resources() {
        String[] files =
                Path.of("/proc/%d/fd".formatted(process.pid())).toFile().list();
        return Map.of(
                "resident MiB",
                residentMib(),
                "threads",
                status("Threads:"),
                "files",
                files == null ? 0L : files.length);
    }

    private long status(String field) {
        try {
            return Files.readAllLines(Path.of("/proc/%d/status".formatted(process.pid()))).stream()
                    .filter(line -> line.startsWith(field))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }

    /** What it has printed in all its lives. */
    public String output() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    private byte[] bytes() {
        try {
            return Files.readAllBytes(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
