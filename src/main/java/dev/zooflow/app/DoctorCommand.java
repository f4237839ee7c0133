package dev.zooflow.app;

import dev.zooflow.kafka.Checkup;
import dev.zooflow.kafka.Checkup.Finding;
import dev.zooflow.tensor.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code zooflow doctor}: whether this machine and its brokers can do their work. */
@Command(
        name = "doctor",
        description = {
            "Checks brokers, topics, groups, lag of each role, rights (ACLs), disk, data directory and libtorch; changes nothing.",
            "Leaves with 3 when something is wrong."
        })
final class DoctorCommand extends AbstractFleetCommand {

    private static final long LEAST_FREE = 1L << 30;

    @Mixin
    private DataDirOption data;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            defaultValue = ".",
            description = "A directory whose disk is looked at.")
    private Path directory;

    @Override
    public Integer call() {
        List<Finding> findings = new ArrayList<>();
        String servers = settings().kafka().bootstrapServers();
        if (servers.isEmpty()) {
            findings.add(new Finding("brokers", true, "none named: `run` starts its own"));
        } else {
            findings.addAll(Checkup.of(settings().kafka()));
        }
        findings.add(disk());
        findings.add(dataDir());
        findings.add(libtorch());
        findings.forEach(f -> say(json(f), "%-4s  %-14s  %s".formatted(f.good() ? "ok" : "BAD", f.name(), f.text())));
        out().flush();
        return findings.stream().allMatch(Finding::good) ? ExitCode.OK : ExitCode.INFRASTRUCTURE;
    }

    @Override
    int perform(Wires wires) {
        throw new IllegalStateException("needs no brokers");
    }

    private static Map<String, Object> json(Finding finding) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("name", finding.name());
        row.put("good", finding.good());
        row.put("text", finding.text());
        return row;
    }

    private Finding disk() {
        try {
            long free = Files.getFileStore(directory).getUsableSpace();
            String text = "%d MiB free at %s"
                    .formatted(free >> 20, directory.toAbsolutePath().normalize());
            boolean good = free >= LEAST_FREE;
            return new Finding("disk", good, good ? text : text + ". Maybe make room: 1 GiB is the least");
        } catch (IOException e) {
            return new Finding("disk", false, "directory (%s) can't be looked at: %s".formatted(directory, e));
        }
    }

    private Finding dataDir() {
        Path path = data.directory();
        boolean there = Files.isDirectory(path) && Files.isReadable(path);
        return new Finding(
                "data",
                there || !Files.exists(path),
                there
                        ? "directory %s".formatted(path)
                        : "no directory %s: only built-in tasks can be run".formatted(path));
    }

    private static Finding libtorch() {
        try {
            Torch.manager().close();
            return new Finding(
                    "libtorch",
                    true,
                    Torch.versions().entrySet().stream()
                            .map(e -> e.getKey() + " " + e.getValue())
                            .collect(Collectors.joining(", ", "loads: ", "")));
        } catch (RuntimeException | LinkageError e) {
            return new Finding(
                    "libtorch", false, "does not load: %s. Maybe the jar was built for another platform?".formatted(e));
        }
    }
}
