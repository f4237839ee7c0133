package dev.zooflow.app;

import dev.zooflow.dashboard.Board;
import dev.zooflow.dashboard.Dashboard;
import dev.zooflow.dashboard.Surroundings;
import dev.zooflow.kafka.KafkaSettings;
import dev.zooflow.message.BlobStore;
import dev.zooflow.message.Role;
import dev.zooflow.message.Topic;
import dev.zooflow.report.StoredRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The dashboard of a directory of runs. Each has a log of its own: they are read one after another, the latest run first,
 * while the page is there already. A run that somebody works on can't be read.
 */
final class StoredBoard implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StoredBoard.class);
    private static final List<Topic> TOPICS = List.of(Topic.RUNS, Topic.FLOWS, Topic.SCORES, Topic.METRICS);
    private static final Duration END = Duration.ofSeconds(40);

    private final KafkaSettings kafka;
    private final Function<Path, BlobStore> blobs;
    private final Board board = new Board();
    private final Reading reading;
    private final Thread reader;
    private final Dashboard dashboard;
    private volatile boolean closed;

    private StoredBoard(String host, int port, List<Path> runs, KafkaSettings kafka, Function<Path, BlobStore> blobs) {
        this.kafka = kafka;
        this.blobs = blobs;
        reading = new Reading(runs.size());
        dashboard = Dashboard.start(host, port, board, reading);
        reader = new Thread(() -> readAll(runs), "stored-runs");
        reader.setDaemon(true);
    }

    /** The runs in a directory that have logs of their own, the latest first. */
    static List<Path> runs(Path directory) {
        return StoredRun.all(directory).stream()
                .map(StoredRun::path)
                .filter(RunDirectory::holdsLog)
                .toList();
    }

    /**
     * Begins to read runs and to listen.
     *
     * @param runs their directories, in this order
     * @param blobs the store of the run in a directory
     */
    static StoredBoard start(
            String host, int port, List<Path> runs, KafkaSettings kafka, Function<Path, BlobStore> blobs) {
        StoredBoard board = new StoredBoard(host, port, runs, kafka, blobs);
        board.reader.start();
        return board;
    }

    private void readAll(List<Path> runs) {
        for (Path run : runs) {
            // What is older than what had to go again is not wanted either.
            if (closed || board.dropped() > 0) {
                return;
            }
            try {
                read(run);
                reading.read.incrementAndGet();
            } catch (RuntimeException e) {
                if (closed) {
                    return;
                }
                LOG.warn("run {} is left out: {}", run, e.getMessage());
                board.forget(String.valueOf(run.getFileName()));
                reading.leftOut(run, e);
            }
        }
    }

    private void read(Path run) {
        try (Brokers brokers = Brokers.open(kafka, RunDirectory.broker(run));
                Wires wires = Wires.connect(brokers.settings(), blobs.apply(run))) {
            TOPICS.forEach(topic -> wires.log().replayAll(topic, r -> board.on(r.event(), r.epochMillis())));
        }
    }

    private static final class Reading implements Surroundings {
        private final int all;
        private final AtomicInteger read = new AtomicInteger();
        private volatile String problem = "";
        private int missing;

        Reading(int all) {
            this.all = all;
        }

        private void leftOut(Path run, RuntimeException reason) {
            missing++;
            problem = "%d of %d runs can't be read, the last %s: %s"
                    .formatted(missing, all, run.getFileName(), reason.getMessage());
        }

        @Override
        public String source() {
            return "%d of %d runs read".formatted(read.get(), all);
        }

        @Override
        public Optional<Map<Role, Long>> waiting() {
            return Optional.empty();
        }

        @Override
        public Optional<String> problem() {
            return Optional.of(problem).filter(text -> !text.isEmpty());
        }

        @Override
        public long behind() {
            return 0;
        }
    }

    /** Where a browser finds it. */
    String address() {
        return dashboard.address();
    }

    @Override
    public void close() {
        closed = true;
        dashboard.close();
        reader.interrupt();
        try {
            reader.join(END.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
