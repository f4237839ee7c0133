package dev.zooflow.actor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.FlowSpec;
import dev.zooflow.experiment.RunId;
import dev.zooflow.experiment.UserError;
import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.message.Event;
import dev.zooflow.message.Event.FlowCheckpoint;
import dev.zooflow.message.EventLog.Recorded;
import dev.zooflow.message.RunEvent;
import dev.zooflow.message.RunEvent.RunExtended;
import dev.zooflow.message.StoreUnavailableException;
import dev.zooflow.message.Task;
import dev.zooflow.message.TaskEvent.TaskCompleted;
import dev.zooflow.message.TaskEvent.TaskContinued;
import dev.zooflow.message.Topic;
import dev.zooflow.tensor.Seed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A run of two flows, both trained here, and runs that go on from it. */
class ExtensionTest {

    private static final RunId SOURCE = new RunId("source-1");
    private static final RunId NEXT = new RunId("next-1");
    private static final String EXPERIMENT = ExperimentFile.render(ExperimentFile.parse("""
            task { kind = two-moons, examples = 100 }
            network.hidden = [4]
            zoo { training-trajectories = 10, held-out-trajectories = 2, epochs = 2, burn-in-epochs = 1, snapshots = 1
                  trajectories-per-task = 7 }
            flow { backbone { width = 8, layers = 1 }
                   training { steps = 6, time = 0, batch-size = 8, checkpoint-every = 0, checkpoint-steps = 4 } }
            flows = [{ name = longer }, { name = same, geometry = euclidean }]
            """));

    @TempDir
    private Path dir;

    private final InMemoryEventLog log = new InMemoryEventLog(task -> {});
    private final InMemoryBlobStore blobs = new InMemoryBlobStore();

    @BeforeEach
    void run() throws IOException {
        log.publish(new RunEvent.RunSubmitted(SOURCE, EXPERIMENT, Map.of()));
        Architecture architecture = Architecture.relu(2, 4, 2);
        for (int i = 0; i < 12; i++) {
            WeightBatch network =
                    new WeightBatch(architecture, new Seed(5).child(i).gaussian(architecture.parameters()));
            log.publish(new Event.ZooTrajectory(SOURCE, i, i >= 10, new int[] {9}, new float[] {1}, network));
        }
        Planner.zoo(SOURCE, EXPERIMENT, ExperimentFile.parse(EXPERIMENT)).forEach(this::complete);
        train(SOURCE, EXPERIMENT, "longer");
        train(SOURCE, EXPERIMENT, "same");
        log.publish(new RunEvent.RunCompleted(SOURCE, List.of(), 1));
    }

    private void complete(Task task) {
        log.publish(new TaskCompleted(task.run(), task.id(), task.role(), 1, "w", 1));
    }

    /** What a worker does. */
    private void train(RunId run, String experiment, String flow) throws IOException {
        Task.TrainFlow task = new Task.TrainFlow(run, experiment, flow);
        TrainWork work = new TrainWork(new TaskData(dir), new RunZoos(log), blobs);
        Recorder recorder = new Recorder();
        work.perform(task, recorder);
        recorder.of(Event.class).forEach(log::publish);
        complete(task);
        work.forget(task);
    }

    private Extension extension() {
        return Extension.of(SOURCE, log, blobs);
    }

    /** What the command publishes. */
    private ExperimentSpec extend(RunId from, RunId to, String... overrides) throws IOException {
        Extension extension = Extension.of(from, log, blobs);
        ExperimentSpec spec = extension.experiment(List.of(overrides));
        log.publish(new RunEvent.RunSubmitted(to, ExperimentFile.render(spec), Map.of("extends", from.value())));
        extension.saveStates(to, spec);
        extension.events(to, spec).forEach(log::publish);
        return spec;
    }

    private RunState state(RunId run) {
        RunState state = RunState.empty(run);
        for (Recorded recorded : log.records()) {
            state = state.with(recorded);
        }
        return state;
    }

    @Test
    void ofASweepEveryTrialIsThere() throws IOException {
        RunId sweep = new RunId("sweep-1");
        String text = ExperimentFile.render(ExperimentFile.parse("""
                task { kind = two-moons, examples = 100 }
                network.hidden = [4]
                zoo { training-trajectories = 10, held-out-trajectories = 2, epochs = 2, burn-in-epochs = 1, snapshots = 1 }
                sweep.parameters.flow.sigma.values = [0.0, 0.1, 0.2]
                """));
        log.publish(new RunEvent.RunSubmitted(sweep, text, Map.of()));
        log.publish(new RunExtended(sweep, SOURCE, SOURCE));
        log.publish(new RunEvent.RunCompleted(sweep, List.of(), 1));
        ExperimentSpec spec = Extension.of(sweep, log, blobs)
                .experiment(List.of("sampling.steps=9", "flows.3={name=more, sigma=0.3}"));
        assertThat(spec.flows()).extracting(FlowSpec::sigma).containsExactly(0.0, 0.1, 0.2, 0.3);
        assertThat(spec.sampling().steps()).isEqualTo(9);
    }

    private List<FlowCheckpoint> checkpoints(RunId run, String flow) {
        return log.events(FlowCheckpoint.class).stream()
                .filter(c -> c.run().equals(run) && c.flow().equals(flow))
                .toList();
    }

    private static FlowCheckpoint end(List<FlowCheckpoint> checkpoints) {
        return checkpoints.get(checkpoints.size() - 1);
    }

    @Test
    void onlyWhatIsNewIsPlanned() throws IOException {
        extend(
                SOURCE,
                NEXT,
                "flows.longer.training.steps=10",
                "flows.2={name=new, geometry=normalized, training {steps=3, time=0}}");
        assertThat(Planner.plan(state(NEXT)).tasks())
                .extracting(Task::id)
                .containsExactlyInAnyOrder("evaluate/baselines", "train/longer", "train/new", "sample/same/final");
        FlowCheckpoint adopted = end(checkpoints(NEXT, "same"));
        assertThat(adopted.model()).isEqualTo(end(checkpoints(SOURCE, "same")).model());
        assertThat(adopted.last()).isTrue();
    }

    @Test
    void aFlowIsTrainedOnFromItsLastStateAndTheZooOfItsSource() throws IOException {
        ExperimentSpec spec = extend(SOURCE, NEXT, "flows.longer.training.steps=10");
        train(NEXT, ExperimentFile.render(spec), "longer");
        assertThat(log.events(TaskContinued.class))
                .filteredOn(e -> e.run().equals(NEXT))
                .singleElement()
                .satisfies(e -> assertThat(e.step()).isEqualTo(6));
        assertThat(checkpoints(NEXT, "longer"))
                .extracting(FlowCheckpoint::step, FlowCheckpoint::last)
                .containsExactly(tuple(8L, false), tuple(10L, true));
        assertThat(end(checkpoints(NEXT, "longer")).model())
                .isNotEqualTo(end(checkpoints(SOURCE, "longer")).model());
    }

    @Test
    void anExtensionIsExtendedAndItsSourceToo() throws IOException {
        ExperimentSpec spec = extend(SOURCE, NEXT, "flows.longer.training.steps=10");
        train(NEXT, ExperimentFile.render(spec), "longer");
        log.publish(new RunEvent.RunCompleted(NEXT, List.of(), 1));
        RunId third = new RunId("third-1");
        ExperimentSpec longest = extend(NEXT, third, "flows.longer.training.steps=12", "flows.same.training.steps=8");
        assertThat(log.events(RunExtended.class))
                .containsExactly(new RunExtended(NEXT, SOURCE, SOURCE), new RunExtended(third, NEXT, SOURCE));
        train(third, ExperimentFile.render(longest), "longer");
        assertThat(end(checkpoints(third, "longer")).step()).isEqualTo(12);
        train(third, ExperimentFile.render(longest), "same");
        assertThat(checkpoints(third, "same")).extracting(FlowCheckpoint::step).containsExactly(8L);
        RunId other = new RunId("other-1");
        ExperimentSpec again = extend(SOURCE, other, "flows.longer.training.steps=10");
        train(other, ExperimentFile.render(again), "longer");
        assertThat(end(checkpoints(other, "longer")).model())
                .isEqualTo(end(checkpoints(NEXT, "longer")).model());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "zoo.epochs=3 | zoo differs from that of run (source-1)",
                "seed=7 | seed differs",
                "task.noise=0.3 | task differs",
                "network.hidden=[5] | network differs",
                "flows.longer.sigma=0.1 | flow (longer) has other settings",
                "flow.training.steps=10 | Maybe flows.longer.training.steps=10?",
                "sampling.networks=128 | change nothing"
            })
    void whatCanNotBeExtendedIsSaid(String override, String reason) {
        assertThatThrownBy(() -> extension().experiment(List.of(override)))
                .isInstanceOfSatisfying(
                        UserError.class, e -> assertThat(e.exitCode()).isEqualTo(UserError.USAGE))
                .hasMessageContainingAll(reason, "Maybe");
    }

    @Test
    void aBudgetThatIsUsedUpIsSaid() {
        assertThatThrownBy(() -> extend(SOURCE, NEXT, "flows.longer.training.steps=5"))
                .hasMessageContainingAll(
                        "flows.longer.training", "used up after 6 steps", "Maybe a larger flows.longer.training.steps");
    }

    @Test
    void whatIsRefusedLeavesNothing() throws IOException {
        int blobsBefore = blobs.all().size();
        int namesBefore = blobs.names().size();
        // The first flow could be trained on, the second could not.
        List<String> overrides = List.of("flows.longer.training.steps=10", "flows.same.training.steps=5");
        assertThatThrownBy(() -> extension().experiment(overrides)).hasMessageContaining("used up after 6 steps");
        blobs.forget(new StateName(SOURCE, "train/same").name());
        assertThatThrownBy(() -> extension()
                        .experiment(List.of("flows.longer.training.steps=10", "flows.same.training.steps=9")))
                .hasMessageContaining("no last state");
        extension().events(NEXT, extension().experiment(List.of("flows.longer.training.steps=10")));
        assertThat(blobs.all()).hasSize(blobsBefore);
        assertThat(blobs.names()).hasSize(namesBefore - 1);
    }

    @Test
    void aStoreThatIsAwayIsNoFlowWithoutAState() {
        blobs.away(true);
        assertThatThrownBy(() -> extension().experiment(List.of("flows.longer.training.steps=10")))
                .isInstanceOf(StoreUnavailableException.class);
    }

    @Test
    void aFlowWithoutItsLastStateIsSaid() throws IOException {
        blobs.forget(new StateName(SOURCE, "train/longer").name());
        assertThatThrownBy(() -> extend(SOURCE, NEXT, "flows.longer.training.steps=10"))
                .hasMessageContainingAll("flow (longer)", "no last state", "Maybe");
        assertThat(extend(SOURCE, NEXT, "sampling.steps=3").sampling().steps()).isEqualTo(3);
    }

    @Test
    void aRunThatIsUnknownOrGoesOnOrLostItsZooIsSaid() {
        assertThatThrownBy(() -> Extension.of(NEXT, log, blobs)).hasMessageContaining("unknown");
        log.publish(new RunEvent.RunResumed(SOURCE, 2));
        assertThatThrownBy(this::extension).hasMessageContainingAll("not over", "Maybe");
        InMemoryEventLog expired = new InMemoryEventLog(task -> {});
        log.records().stream()
                .filter(r -> r.ref().topic() != Topic.WEIGHTS_ZOO && !(r.event() instanceof RunEvent.RunResumed))
                .forEach(r -> expired.publish(r.event()));
        assertThatThrownBy(() -> Extension.of(SOURCE, expired, blobs).experiment(List.of("sampling.steps=3")))
                .hasMessageContainingAll("0 of the 12 trajectories", "Maybe");
    }
}
