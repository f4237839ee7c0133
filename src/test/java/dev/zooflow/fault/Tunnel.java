package dev.zooflow.fault;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Hands connections from one address on to another. While it is cut it takes what is sent and hands nothing on, as a network
 * does whose cable is out: nobody is told.
 */
final class Tunnel implements Closeable {

    private static final int BUFFER = 1 << 16;

    private final ServerSocketChannel server;
    private final SocketAddress to;
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
    private volatile boolean cut;

    /** Listens at once, on a Unix socket or a port. */
    Tunnel(SocketAddress from, SocketAddress to) {
        this.to = to;
        try {
            server = from instanceof UnixDomainSocketAddress
                    ? ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                    : ServerSocketChannel.open();
            server.bind(from);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        thread(this::accept);
    }

    private static void thread(Runnable work) {
        Thread thread = new Thread(work, "tunnel");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel near = server.accept();
                SocketChannel far = SocketChannel.open(to);
                open.add(near);
                open.add(far);
                thread(() -> pump(near, far));
                thread(() -> pump(far, near));
            } catch (IOException e) {
                // Closed, or nobody listens at the other end now: the client tries again.
                Fleet.sleep(java.time.Duration.ofMillis(10));
            }
        }
    }

    private void pump(SocketChannel from, SocketChannel to) {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        try (from;
                to) {
            while (from.read(buffer) >= 0) {
                buffer.flip();
                while (!cut && buffer.hasRemaining()) {
                    to.write(buffer);
                }
                buffer.clear();
            }
        } catch (IOException e) {
            // The other end is gone; so is this one.
            open.remove(from);
        }
        open.remove(from);
        open.remove(to);
    }

    /** Nothing gets through any more. */
    void cut() {
        cut = true;
    }

    /** Connections of before are dead, new ones work. */
    void mend() {
        open.forEach(channel -> {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        open.clear();
        cut = false;
    }

    @Override
    public void close() throws IOException {
        server.close();
        mend();
    }

    /** The other end of a tunnel in a network of its own, and a command that knows nothing of it. */
    static final class Far {
        private Far() {}

        /** The port, the Unix socket, and the arguments of the command line. */
        @SuppressWarnings("resource")
        public static void main(String[] args) {
            new Tunnel(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])), UnixDomainSocketAddress.of(args[1]));
            dev.zooflow.app.Main.main(java.util.Arrays.copyOfRange(args, 2, args.length));
        }
    }
}
