package dev.zooflow.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Memory of this process as the operating system counts it, native memory included. */
public final class ResidentMemory {

    private static final Path STATUS = Path.of("/proc/self/status");

    private ResidentMemory() {}

    /** Largest resident memory so far, in MiB; 0 where the system does not tell. */
    public static long peakMib() {
        return read("VmHWM:");
    }

    /** Present resident memory, in MiB; 0 where the system does not tell. */
    public static long currentMib() {
        return read("VmRSS:");
    }

    private static long read(String field) {
        if (!Files.isReadable(STATUS)) {
            return 0;
        }
        try (var lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith(field))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }
}
