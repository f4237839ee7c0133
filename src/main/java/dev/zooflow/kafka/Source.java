package dev.zooflow.kafka;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The name of this process as the source of events. */
final class Source {

    private Source() {}

    /** URI reference {@code //<host>/zooflow/<process id>}. */
    static String ofThisProcess() {
        return "//%s/zooflow/%d".formatted(host(), ProcessHandle.current().pid());
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
