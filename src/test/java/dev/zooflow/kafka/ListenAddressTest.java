package dev.zooflow.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zooflow.experiment.UserError;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListenAddressTest {

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "0", ""})
    void anAddressThatClientsCanNotBeToldIsRefused(String host) {
        assertUsage(host, 9092, "host (%s) stands for every address of this machine".formatted(host));
    }

    @Test
    void anUnknownHostAndAnImpossiblePortAreRefused() {
        assertUsage("no such host", 9092, "host (no such host) is unknown");
        assertUsage("127.0.0.1", 70_000, "port (70000) is outside [1, 65535]");
    }

    private static void assertUsage(String host, int port, String message) {
        assertThatThrownBy(() -> new ListenAddress(host, port))
                .asInstanceOf(InstanceOfAssertFactories.throwable(UserError.class))
                .hasMessageContainingAll(message, "Maybe")
                .extracting(UserError::exitCode)
                .isEqualTo(UserError.USAGE);
    }

    @Test
    void loopbackIsWhatNoOtherMachineReaches() {
        assertThat(new ListenAddress("127.0.0.1", 9092).isLoopback()).isTrue();
        assertThat(new ListenAddress("192.0.2.1", 9092).isLoopback()).isFalse();
    }

    @Test
    void anAddressWithColonsStandsInBrackets() {
        assertThat(new ListenAddress("::1", 9092)).hasToString("[::1]:9092");
        assertThat(new ListenAddress("127.0.0.1", 9092)).hasToString("127.0.0.1:9092");
    }
}
