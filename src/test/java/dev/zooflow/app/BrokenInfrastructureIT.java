package dev.zooflow.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Brokers that can't be reached or started: one clear line and exit code 3. */
@Tag("beside")
class BrokenInfrastructureIT {

    @TempDir
    private Path dir;

    private void refused(CommandResult result, String... parts) {
        assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.INFRASTRUCTURE);
        assertThat(result.errorLines())
                .singleElement()
                .asString()
                .startsWith("error: ")
                .contains(parts);
    }

    @Test
    void unreachableBroker() throws IOException {
        Path file = Files.writeString(dir.resolve("e.conf"), "name = t\ntask.examples = 500\n");
        String closed = "127.0.0.1:" + freePort();
        CommandResult result = CommandResult.of(
                "run", file.toString(), "--runs-dir", dir.toString(), "--name", "run", "--bootstrap-servers", closed);
        refused(result, closed);
        assertThat(dir.resolve("run/status")).content().isEqualTo("broken\n");
        assertThat(dir.resolve("run/report.html")).doesNotExist();
        refused(CommandResult.of("worker", "--bootstrap-servers", closed), closed);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void portInUse() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            refused(CommandResult.of("broker", "--dir", dir.resolve("b").toString(), "--port", port), port, "in use");
        }
    }

    @Test
    void brokerDirectoryThatIsAFile() throws IOException {
        Path file = Files.writeString(dir.resolve("file"), "in the way");
        String port = Integer.toString(freePort());
        refused(CommandResult.of("broker", "--dir", file.toString(), "--port", port), file.toString());
    }
}
