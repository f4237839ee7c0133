package dev.zooflow.notify;

import dev.zooflow.experiment.RunId;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Delivers notices by all channels, one after the other on a daemon thread of its own: three tries each, then it is logged. */
final class Courier {

    private static final Logger LOG = LoggerFactory.getLogger(Courier.class);
    private static final int TRIES = 3;
    private static final int MOST_WAITING = 1_000;

    private final List<Channel> channels;
    private final Duration pause;
    private final Consumer<Notice> done;
    private final ThreadPoolExecutor thread;
    private final Set<String> sent = ConcurrentHashMap.newKeySet();

    /** A notice to deliver. */
    private final class Errand implements Runnable {
        private final Notice notice;

        Errand(Notice notice) {
            this.notice = notice;
        }

        @Override
        public void run() {
            deliver(notice);
        }
    }

    /**
     * A courier.
     *
     * @param pause before the second try; four times as long before the third
     * @param done told of each notice that was delivered, or given up
     */
    Courier(List<Channel> channels, Duration pause, Consumer<Notice> done) {
        this.channels = List.copyOf(channels);
        this.pause = pause;
        this.done = done;
        thread = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WAITING), task -> {
            Thread t = new Thread(task, "notify");
            t.setDaemon(true);
            return t;
        });
    }

    /** Delivers it soon, unless it has come before. */
    void send(Notice notice) {
        if (!sent.add(notice.id())) {
            return;
        }
        try {
            thread.execute(new Errand(notice));
        } catch (RejectedExecutionException e) {
            sent.remove(notice.id());
            LOG.warn("notice {} is not told: {} others wait", notice.id(), MOST_WAITING - room());
        }
    }

    /** How many notices it would take now. */
    int room() {
        return thread.getQueue().remainingCapacity();
    }

    /** Leaves out what waits of these runs, which others tell from now on. */
    void forget(Predicate<RunId> runs) {
        for (Runnable waiting : List.copyOf(thread.getQueue())) {
            if (waiting instanceof Errand errand && runs.test(errand.notice.run()) && thread.remove(waiting)) {
                sent.remove(errand.notice.id());
            }
        }
    }

    private void deliver(Notice notice) {
        try {
            for (Channel channel : channels) {
                deliver(notice, channel);
            }
            done.accept(notice);
        } catch (InterruptedException e) {
            LOG.warn("notice {} is not told: the process ends", notice.id());
            Thread.currentThread().interrupt();
        }
    }

    private void deliver(Notice notice, Channel channel) throws InterruptedException {
        Duration wait = pause;
        for (int n = 1; n <= TRIES; n++) {
            try {
                channel.tell(notice);
                return;
            } catch (IOException e) {
                LOG.warn("notice {} by {}, try {} of {}: {}", notice.id(), channel, n, TRIES, e.getMessage());
            }
            if (n < TRIES) {
                TimeUnit.MILLISECONDS.sleep(wait.toMillis());
                wait = wait.multipliedBy(4);
            }
        }
    }

    /** Delivers what waits, for so long. */
    void close(Duration patience) {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("{} notices were not told", thread.shutdownNow().size() + thread.getActiveCount());
            }
        } catch (InterruptedException e) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
