package dev.zooflow.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zooflow.message.RunEvent.CoordinatorStarted;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Coordinators that are killed, and those that stand still for so long that another one takes their run. */
@Tag("faults")
class CoordinatorKillIT extends AbstractFaultIT {

    private static final int TRIALS = 12;
    private static final int STEPS = 300;
    private static final int KILLS = 10;
    /** Tasks that are done before a coordinator stands still, and further ones before it goes on. */
    private static final int BEFORE = 4;

    private static final int MEANWHILE = 2;

    @Test
    void tenKillsLeaveTheSameTasksAndTheSameTable() {
        addWorker();
        addWorker();
        killed(TRIALS, STEPS, KILLS, this::coordinator);
    }

    /** One goes on in the middle of the run, the next after its end; alone it then coordinates another. */
    @Test
    void oneThatStandsStillIsFencedOffAndTasksAndTableAreTheSame() {
        addWorker();
        addWorker();
        List<Member> coordinators = List.of(coordinator(), fleet().keepWorker("coordinator"));
        coordinators.forEach(c -> c.awaitOutput("working as"));
        Account calm = undisturbed(TRIALS, STEPS);
        List<CoordinatorStarted> deposed = new ArrayList<>();
        Account stormy = run("still", TRIALS, STEPS, progress -> {
            untilCompleted(progress, BEFORE);
            Member first = standStill(coordinators, progress, deposed);
            int meanwhile = progress.completed() + MEANWHILE;
            progress.await("results under another", () -> progress.completed() >= meanwhile);
            first.thaw();
            untilCompleted(progress, meanwhile + BEFORE);
            Member second = standStill(coordinators, progress, deposed);
            progress.awaitEnd(END);
            second.thaw();
            coordinators.stream().filter(c -> c != second).forEach(Member::remove);
            run("alone", 1, STEPS, alone -> {});
        });
        stormy.assertSameAs(calm);
        assertThat(coordinators)
                .allSatisfy(c -> assertThat(c.restarts()).as(c.output()).isZero());
        List<CoordinatorStarted> reigns =
                fleet().evidence("still").of(CoordinatorStarted.class).toList();
        assertThat(deposed)
                .hasSize(2)
                .allSatisfy(d -> assertThat(reigns)
                        .filteredOn(r -> r.epoch() == d.epoch() + 1)
                        .first()
                        .satisfies(r -> assertThat(r.coordinator()).isNotEqualTo(d.coordinator())));
    }

    /** The coordinator in charge stands still, and another one takes over. */
    private static Member standStill(List<Member> coordinators, Progress progress, List<CoordinatorStarted> deposed) {
        CoordinatorStarted reign = progress.reign().orElseThrow();
        Member owner = coordinators.stream()
                .filter(c -> c.isCalled(reign.coordinator()))
                .findFirst()
                .orElseThrow();
        owner.freeze();
        progress.await("another coordinator", () -> !progress.reign().equals(Optional.of(reign)));
        deposed.add(reign);
        return owner;
    }
}
