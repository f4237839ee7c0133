package dev.zooflow.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A fleet with a coordinator and workers that are kept up, and a run that goes through faults beside one that does not. */
@Timeout(value = 30, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class AbstractFaultIT {

    /** How long a worker may hold a task without a sign. */
    static final Duration LOCK = Duration.ofSeconds(5);

    static final Duration END = Duration.ofMinutes(15);

    /** The other worker first ends what it does. */
    private static final Duration SUCCESSION = Duration.ofSeconds(90);

    private static final long SEED = 4;
    /** How many tasks a run has left about when its last kill comes. */
    private static final int TASKS_LEFT = 10;

    private static final String SETTINGS =
            "zooflow { kafka.lock-duration = 5 s, worker { threads = 1, max-attempts = 9, heartbeat = 1 s } }";
    private static final Logger LOG = LoggerFactory.getLogger(AbstractFaultIT.class);
    /** A state is saved between two steps, and a step takes long on a busy machine. */
    private static final double STEP_SECONDS = 1;

    @TempDir
    private Path dir;

    final Random random = new Random(SEED);
    private Fleet fleet;
    private Member coordinator;
    private final List<Member> workers = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        fleet = Fleet.start(dir, settings());
        coordinator = fleet.keepWorker("coordinator");
    }

    @AfterEach
    void end() {
        fleet.close();
    }

    /** Settings of all processes. */
    String settings() {
        return SETTINGS;
    }

    Path dir() {
        return dir;
    }

    Fleet fleet() {
        return fleet;
    }

    Member coordinator() {
        return coordinator;
    }

    /** Adds a worker of all roles. */
    Member addWorker() {
        Member worker = fleet.keepWorker(Fleet.WORK);
        workers.add(worker);
        return worker;
    }

    /** Ends all workers and the coordinator for good. */
    void removeAll() {
        coordinator.remove();
        workers.forEach(Member::remove);
    }

    Member anyWorker() {
        return workers.get(random.nextInt(workers.size()));
    }

    /** Waits until all workers work. */
    void awaitWorkers() {
        workers.forEach(w -> w.awaitOutput("working as"));
    }

    /** A run during which a member is killed again and again, until few tasks are left, ends as one without faults. */
    final KilledRun killed(int trials, int steps, int kills, Supplier<Member> victim) {
        Account calm = undisturbed(trials, steps);
        int tasks = 3 * trials + Experiments.OTHER_TASKS - TASKS_LEFT;
        Account stormy = disturbed("stormy", trials, steps, progress -> {
            for (int kill = 0; kill < kills; kill++) {
                untilCompleted(progress, tasks * kill / kills);
                victim.get().kill();
            }
        });
        stormy.assertSameAs(calm);
        return new KilledRun(calm, stormy);
    }

    /**
     * A run with kills.
     *
     * @param calm the same without
     * @param stormy itself
     */
    record KilledRun(Account calm, Account stormy) {}

    /** A run to its end, without faults. */
    Account undisturbed(int trials, int steps) {
        Account calm = run("calm", trials, steps, progress -> {});
        assertThat(calm.accepted()).hasSize(3 * trials + Experiments.OTHER_TASKS);
        return calm;
    }

    /**
     * A run to its end, while faults are done to it, of which the program then says what its topics do: each result counts
     * once. Those that come too late may still come while it is asked.
     */
    Account disturbed(String name, int trials, int steps, Consumer<Progress> faults) {
        Account before = run(name, trials, steps, faults);
        Report report = report(name);
        Account after = Account.of(fleet.evidence(name)).assertToldBy(report);
        assertThat(report.fenced())
                .as("late results")
                .isBetween(before.fenced().size(), after.fenced().size());
        return after;
    }

    /** What the program says of a run. */
    Report report(String run) {
        return report(run, fleet.kafka().prefix());
    }

    /** What the program says of a run whose records stand under this prefix. */
    Report report(String run, String prefix) {
        try {
            return fleet.report(run, prefix);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A run to its end, while faults are done to it. */
    Account run(String name, int trials, int steps, Consumer<Progress> faults) {
        fleet.submit(name, Experiments.of(trials, steps));
        try (Progress progress = fleet.progress(name)) {
            faults.accept(progress);
            progress.awaitEnd(END);
        }
        Account account = Account.of(fleet.evidence(name));
        LOG.error("{} {}: {}", getClass().getSimpleName(), name, account);
        return account.assertExactlyOnce().assertRepeatedAtMost(Experiments.SAVE_SECONDS + STEP_SECONDS);
    }

    /** A moment, other with every seed, in which something is trained. */
    void untilTraining(Progress progress) {
        int before = progress.trained();
        progress.await("a training", () -> progress.trained() > before);
        Fleet.sleep(Duration.ofMillis(random.nextInt(700)));
    }

    /** Waits until another worker has gone on with what one had begun, or for a while where there is nothing to go on with. */
    static void untilTakenOver(Progress progress, int before) {
        long end = System.nanoTime() + SUCCESSION.toNanos();
        while (progress.successors() <= before && !progress.over() && System.nanoTime() < end) {
            Fleet.sleep(Duration.ofMillis(100));
        }
    }

    /** Waits until so many tasks are done, and a moment more that is other with every seed. */
    void untilCompleted(Progress progress, int tasks) {
        progress.await(tasks + " tasks", () -> progress.completed() >= tasks);
        Fleet.sleep(Duration.ofMillis(random.nextInt(1000)));
    }
}
