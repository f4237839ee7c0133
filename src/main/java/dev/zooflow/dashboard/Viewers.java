package dev.zooflow.dashboard;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.undertow.server.handlers.sse.ServerSentEventConnection;
import io.undertow.server.handlers.sse.ServerSentEventConnection.EventCallback;
import io.undertow.server.handlers.sse.ServerSentEventConnectionCallback;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Open pages, told by server-sent events which parts of the board changed, a few times a second at most. A page that reads too
 * slowly gets the latest news only, so that nothing piles up for it.
 */
final class Viewers implements ServerSentEventConnectionCallback, AutoCloseable {

    /** Pages that are told of changes at a time. */
    static final int MOST = 64;

    private static final Logger LOG = LoggerFactory.getLogger(Viewers.class);
    private static final Duration TICK = Duration.ofMillis(200);
    /** What no event tells may change, too. */
    private static final Duration SILENCE = Duration.ofSeconds(2);

    private static final long KEEP_ALIVE_MILLIS = 15_000;

    private final Board board;
    private final FleetViews fleet;
    private final Surroundings surroundings;
    private final String boot = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
    private final Map<ServerSentEventConnection, Viewer> viewers = new ConcurrentHashMap<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "dashboard");
        thread.setDaemon(true);
        return thread;
    });
    private Map<Board.Part, Long> told = Map.of();
    private long toldAt;

    /** A page; busy while an event is on its way to it. */
    private static final class Viewer implements EventCallback {
        private volatile boolean busy;
        private volatile boolean missed;

        @Override
        public void done(
                ServerSentEventConnection connection,
                @Nullable String data,
                @Nullable String event,
                @Nullable String id) {
            busy = false;
        }

        @Override
        public void failed(
                ServerSentEventConnection connection,
                @Nullable String data,
                @Nullable String event,
                @Nullable String id,
                IOException failure) {
            busy = false; // The connection ends itself.
        }
    }

    Viewers(Board board, Surroundings surroundings) {
        this.board = board;
        this.surroundings = surroundings;
        fleet = new FleetViews(board);
    }

    /** Begins to tell. */
    void start() {
        ScheduledFuture<?> unused =
                clock.scheduleWithFixedDelay(this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    int number() {
        return viewers.size();
    }

    @Override
    public void connected(ServerSentEventConnection connection, @Nullable String lastEventId) {
        Viewer viewer = new Viewer();
        connection.addCloseTask(viewers::remove);
        connection.setKeepAliveTime(KEEP_ALIVE_MILLIS);
        connection.sendRetry(1_000);
        send(connection, viewer, news(System.currentTimeMillis()).toString());
        viewers.put(connection, viewer);
        if (!connection.isOpen()) {
            viewers.remove(connection);
        }
    }

    private void tick() {
        try {
            Map<Board.Part, Long> versions = board.versions();
            long now = System.currentTimeMillis();
            boolean news = !versions.equals(told) || now - toldAt >= SILENCE.toMillis();
            boolean late = viewers.values().stream().anyMatch(v -> v.missed && !v.busy);
            if (viewers.isEmpty() || !(news || late)) {
                return;
            }
            told = versions;
            toldAt = now;
            String text = news(now).toString();
            viewers.forEach((connection, viewer) -> send(connection, viewer, text));
        } catch (RuntimeException e) {
            LOG.warn("pages were not told what changed", e);
        }
    }

    private static void send(ServerSentEventConnection connection, Viewer viewer, String text) {
        viewer.missed = viewer.busy;
        if (!viewer.busy) {
            viewer.busy = true;
            connection.send(text, "change", null, viewer);
        }
    }

    /** What changed, as numbers that differ from those before, and the figures of the page's head. */
    ObjectNode news(long now) {
        ObjectNode news = JsonNodeFactory.instance.objectNode();
        news.put("boot", boot);
        news.put("now", now);
        ObjectNode versions = news.putObject("versions");
        board.versions().forEach((part, version) -> versions.put(part.name().toLowerCase(Locale.ROOT), version));
        news.setAll(fleet.counts(now));
        news.put("source", surroundings.source());
        news.put("behind", surroundings.behind());
        surroundings.problem().ifPresent(problem -> news.put("problem", problem));
        surroundings.waiting().ifPresent(waiting -> {
            ObjectNode lag = news.putObject("waiting");
            waiting.forEach((role, n) -> lag.put(role.id(), n));
        });
        return news;
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
