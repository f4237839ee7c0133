package dev.zooflow.app;

import dev.zooflow.message.Role;
import dev.zooflow.message.WorkerHeartbeat;
import java.util.List;
import java.util.Map;

/** Who works for the fleet, and how much waits for each role. Implementations are thread-safe. */
interface Workforce extends AutoCloseable {

    /** Heartbeats that may be missed before a worker counts as gone. */
    int PATIENCE = 4;

    /** The latest heartbeat of each worker that lives. */
    List<WorkerHeartbeat> alive();

    /** Tasks that wait for each role or are in work; empty while it is not known. */
    Map<Role, Long> lag();

    @Override
    void close();
}
