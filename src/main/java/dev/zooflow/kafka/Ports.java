package dev.zooflow.kafka;

import dev.zooflow.experiment.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** TCP ports of the loopback interface. */
final class Ports {

    private Ports() {}

    /** A port that nobody listens on at the moment, not this one. */
    static int freeExcept(int other) {
        int port;
        do {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = socket.getLocalPort();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        } while (port == other);
        return port;
    }

    /**
     * The port itself.
     *
     * @throws UserError when it is no port or somebody listens on it
     */
    static int checkFree(int port) {
        if (port < 1 || port > 65_535) {
            throw UserError.usage("port (%d) is outside [1, 65535]. Maybe a typing error?".formatted(port));
        }
        try (ServerSocket socket = new ServerSocket()) {
            // As the broker will do it: connections of an earlier broker that linger do no harm.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return port;
        } catch (IOException e) {
            throw UserError.infrastructure(
                    "port (%d) is in use: %s. Maybe another broker runs there?".formatted(port, e.getMessage()), e);
        }
    }
}
