package dev.zooflow.kafka;

import dev.zooflow.experiment.UserError;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;

/**
 * Where the embedded broker listens for its clients and, because brokers tell clients where to find them, the address by
 * which all of them reach it.
 *
 * @param host name or address of this machine
 * @param port in [1, 65535]
 */
record ListenAddress(String host, int port) {

    /** The loopback address, which no other machine reaches. */
    static final String LOOPBACK = "127.0.0.1";

    /**
     * Checks it.
     *
     * @throws UserError when it is no address that others could reach this machine by, or the port is none
     */
    ListenAddress {
        if (port < 1 || port > 65_535) {
            throw UserError.usage("port (%d) is outside [1, 65535]. Maybe a typing error?".formatted(port));
        }
        if (host.isBlank() || resolve(host).isAnyLocalAddress()) {
            throw UserError.usage(
                    "host (%s) stands for every address of this machine, but clients must be told one. Maybe name the address that workers reach this machine by?"
                            .formatted(host));
        }
    }

    private static InetAddress resolve(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw UserError.usage("host (%s) is unknown. Maybe a typing error?".formatted(host), e);
        }
    }

    /** Whether no other machine reaches it. */
    boolean isLoopback() {
        return resolve(host).isLoopbackAddress();
    }

    /**
     * Checks that the broker could listen here.
     *
     * @throws UserError of infrastructure when somebody does, or the address is none of this machine
     */
    void checkFree() {
        try (ServerSocket socket = new ServerSocket()) {
            // As the broker will do it: connections of an earlier broker that linger do no harm.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(resolve(host), port));
        } catch (IOException e) {
            throw UserError.infrastructure(
                    "host and port (%s) can't be listened at: %s. Maybe another broker runs there, or this is no address of this machine?"
                            .formatted(this, e.getMessage()),
                    e);
        }
    }

    /** {@code host:port}; an IPv6 address stands in brackets. */
    @Override
    public String toString() {
        return (host.contains(":") && !host.startsWith("[") ? "[%s]:%d" : "%s:%d").formatted(host, port);
    }
}
