package dev.zooflow.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zooflow.health.HealthServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HealthCommandTest {

    @TempDir
    private Path dir;

    private CommandResult ask(int port) throws IOException {
        Path config = Files.writeString(dir.resolve("s.conf"), "zooflow.health.port = " + port);
        return CommandResult.of("health", "--config", config.toString());
    }

    @Test
    void saysWhatTheProcessSays() throws IOException {
        int port;
        try (HealthServer server = HealthServer.start("127.0.0.1", 0, () -> "")) {
            port = server.port();
            assertThat(ask(port)).isEqualTo(new CommandResult(ExitCode.OK, "ok\n", ""));
            server.require(() -> Optional.of("brokers: gone"));
            assertThat(ask(port)).isEqualTo(new CommandResult(ExitCode.INFRASTRUCTURE, "brokers: gone\n", ""));
        }
        CommandResult nobody = ask(port);
        assertThat(nobody.code()).isEqualTo(ExitCode.INFRASTRUCTURE);
        assertThat(nobody.errorLines())
                .singleElement()
                .asString()
                .contains("health.port (%d)".formatted(port), "Maybe");
    }

    @Test
    void thereIsNobodyToAskWhereItIsOff() {
        CommandResult off = CommandResult.of("health");
        assertThat(off.code()).isEqualTo(ExitCode.USAGE);
        assertThat(off.errorLines()).singleElement().asString().contains("health.port (0)", "Maybe");
    }
}
