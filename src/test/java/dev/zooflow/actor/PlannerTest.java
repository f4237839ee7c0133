package dev.zooflow.actor;

import static dev.zooflow.actor.SampleRun.EXPERIMENT;
import static dev.zooflow.actor.SampleRun.RUN;
import static dev.zooflow.actor.SampleRun.checkpoint;
import static dev.zooflow.actor.SampleRun.completed;
import static dev.zooflow.actor.SampleRun.failed;
import static dev.zooflow.actor.SampleRun.generated;
import static dev.zooflow.actor.SampleRun.queued;
import static dev.zooflow.actor.SampleRun.score;
import static dev.zooflow.actor.SampleRun.state;
import static dev.zooflow.actor.SampleRun.submitted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.message.Event;
import dev.zooflow.message.EventRef;
import dev.zooflow.message.Role;
import dev.zooflow.message.RunEvent;
import dev.zooflow.message.Task;
import dev.zooflow.message.TaskEvent;
import dev.zooflow.message.Topic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlannerTest {

    private static final List<Task> ZOO = List.of(zoo(0, 2), zoo(2, 4), zoo(4, 5));
    private static final Task BASELINES = new Task.EvaluateBaselines(RUN, EXPERIMENT);

    private static Task zoo(int from, int to) {
        return new Task.ProduceZoo(RUN, EXPERIMENT, from, to);
    }

    private static Task train(String flow) {
        return new Task.TrainFlow(RUN, EXPERIMENT, flow);
    }

    private static Task sample(Event.FlowCheckpoint checkpoint, int count) {
        return new Task.SampleFlow(RUN, EXPERIMENT, checkpoint, "", count);
    }

    private static Task quick(Event.FlowCheckpoint checkpoint) {
        return new Task.SampleFlow(RUN, EXPERIMENT, checkpoint, "quick", 6);
    }

    private static Task evaluate(Event.FlowCheckpoint c, String variant) {
        return new Task.EvaluateGenerated(
                RUN,
                EXPERIMENT,
                c.flow(),
                variant,
                c.index(),
                c.step(),
                c.seconds(),
                c.last(),
                new EventRef(c.topic(), 0, 0));
    }

    private static Planner.Plan plan(Event... events) {
        return Planner.plan(state(events));
    }

    /** The plan after the zoo is there and baselines and flows are on their queues. */
    private static Planner.Plan planWithZoo(Event... more) {
        List<Event> events = new ArrayList<>(List.of(submitted()));
        ZOO.forEach(t -> events.add(completed(t)));
        events.addAll(List.of(queued(BASELINES), queued(train("a")), queued(train("b"))));
        events.addAll(Arrays.asList(more));
        return plan(events.toArray(Event[]::new));
    }

    private static List<String> ids(Planner.Plan plan) {
        return plan.tasks().stream().map(Task::id).toList();
    }

    @Test
    void nothingBeforeTheSubmission() {
        assertThat(plan(completed(zoo(0, 2))).tasks()).isEmpty();
        assertThat(plan().completed()).isEmpty();
    }

    @Test
    void zooInChunksThatCoverEveryTrajectoryOnce() {
        assertThat(plan(submitted()).tasks()).containsExactlyElementsOf(ZOO);
    }

    @Test
    void aTaskKnownOnlyByItsOutcomeIsNotQueuedAgain() {
        assertThat(ids(plan(submitted(), completed(zoo(0, 2)), queued(zoo(2, 4)))))
                .containsExactly("zoo/4-5");
    }

    @Test
    void noFlowBeforeTheLastZooTaskIsDone() {
        assertThat(plan(submitted(), completed(zoo(0, 2)), completed(zoo(2, 4)), queued(zoo(4, 5)))
                        .tasks())
                .isEmpty();
    }

    @Test
    void baselinesAndAllFlowsOnceTheZooIsThere() {
        assertThat(ids(plan(submitted(), completed(zoo(0, 2)), completed(zoo(2, 4)), completed(zoo(4, 5)))))
                .containsExactly("evaluate/baselines", "train/a", "train/b");
    }

    @Test
    void aCheckpointIsSampledOnceWithFewNetworksAndTheFinalOneWithAllInEveryVariant() {
        assertThat(planWithZoo(checkpoint("a", 0, false), checkpoint("b", 3, true))
                        .tasks())
                .containsExactly(
                        sample(checkpoint("a", 0, false), 2),
                        sample(checkpoint("b", 3, true), 8),
                        quick(checkpoint("b", 3, true)));
    }

    @Test
    void oneCheckpointOfAFlowAtATimeThenTheNewest() {
        Event.FlowCheckpoint first = checkpoint("a", 0, false);
        Event[] soFar = {first, queued(sample(first, 2)), checkpoint("a", 1, false), checkpoint("a", 2, false)};
        assertThat(planWithZoo(soFar).tasks()).isEmpty();

        List<Event> sampled = new ArrayList<>(Arrays.asList(soFar));
        sampled.addAll(List.of(completed(sample(first, 2)), generated(first, ""), queued(evaluate(first, ""))));
        assertThat(planWithZoo(sampled.toArray(Event[]::new)).tasks()).isEmpty();

        sampled.add(completed(evaluate(first, "")));
        assertThat(ids(planWithZoo(sampled.toArray(Event[]::new)))).containsExactly("sample/a/2");
    }

    @Test
    void aLostSampleMakesRoomForTheNextCheckpoint() {
        Event.FlowCheckpoint first = checkpoint("a", 0, false);
        assertThat(ids(planWithZoo(first, failed(sample(first, 2), 3, true), checkpoint("a", 1, false))))
                .containsExactly("sample/a/1");
    }

    @Test
    void theFinalCheckpointDoesNotWaitAndOvertakesOlderOnes() {
        Event.FlowCheckpoint first = checkpoint("a", 0, false);
        assertThat(ids(planWithZoo(
                        first, queued(sample(first, 2)), checkpoint("a", 1, false), checkpoint("a", 2, true))))
                .containsExactly("sample/a/final", "sample/a/quick/final");
    }

    @Test
    void theFinalCheckpointOfASecondAttemptMayHaveAnIndexSeenBefore() {
        Event.FlowCheckpoint seen = checkpoint("a", 2, false);
        assertThat(ids(planWithZoo(seen, queued(sample(seen, 2)), checkpoint("a", 2, true))))
                .containsExactly("sample/a/final", "sample/a/quick/final");
    }

    @Test
    void generatedNetworksAreEvaluatedWhereTheyStand() {
        Event.FlowCheckpoint c = checkpoint("a", 1, true);
        Planner.Plan plan =
                planWithZoo(c, queued(sample(c, 8)), queued(quick(c)), generated(c, ""), generated(c, "quick"));
        assertThat(plan.tasks())
                .hasSize(2)
                .allSatisfy(task -> assertThat(task).isInstanceOfSatisfying(Task.EvaluateGenerated.class, e -> {
                    assertThat(e.networks().topic()).isEqualTo(Topic.WEIGHTS_GENERATED);
                    assertThat(Map.of("evaluate/a/final", 10L, "evaluate/a/quick/final", 11L))
                            .containsEntry(e.id(), e.networks().offset());
                }));
    }

    @Test
    void theFinalCheckpointIsAskedForTheLikelihoodOnlyWhereItIsWantedAndADensityExists() {
        Event.FlowCheckpoint last = checkpoint("a", 1, true);
        Event.FlowCheckpoint flat = checkpoint("b", 1, true);
        String text = ExperimentFile.render(ExperimentFile.parse(EXPERIMENT + """
                evaluation.likelihood.networks = 3
                flows = [{ name = a }, { name = b, geometry = normalized }]
                """));
        List<Event> events = new ArrayList<>(List.of(new RunEvent.RunSubmitted(RUN, text, Map.of())));
        ZOO.forEach(t -> events.add(completed(t)));
        events.addAll(List.of(queued(BASELINES), queued(train("a")), queued(train("b"))));
        events.addAll(List.of(checkpoint("a", 0, false), last, flat));
        assertThat(ids(plan(events.toArray(Event[]::new))))
                .contains("likelihood/a", "sample/a/final", "sample/b/final")
                .doesNotContain("likelihood/b");
    }

    @Test
    void aRunWaitsForTheLikelihoodThatWasQueued() {
        Task likelihood = new Task.EvaluateLikelihood(RUN, EXPERIMENT, checkpoint("a", 2, true));
        List<Event> events = new ArrayList<>(Arrays.asList(ended()));
        events.add(queued(likelihood));
        assertThat(planWithZoo(events.toArray(Event[]::new)).completed()).isEmpty();
        events.add(completed(likelihood));
        assertThat(planWithZoo(events.toArray(Event[]::new)).completed()).isPresent();
    }

    @Test
    void overWhenBaselinesAndEveryFinalScoreAreThereAndNothingIsUnderWay() {
        Event[] ended = ended();
        assertThat(planWithZoo(ended).completed())
                .hasValueSatisfying(c -> assertThat(c.failed()).isEmpty());
        for (int i = 0; i < ended.length; i++) {
            List<Event> without = new ArrayList<>(Arrays.asList(ended));
            Event left = without.remove(i);
            if (left instanceof TaskEvent.TaskQueued) {
                continue; // says nothing that the task's completion does not say
            }
            assertThat(planWithZoo(without.toArray(Event[]::new)).completed())
                    .as("without %s", left.id())
                    .isEmpty();
        }
        List<Event> underWay = new ArrayList<>(Arrays.asList(ended));
        underWay.add(queued(sample(checkpoint("a", 0, false), 2)));
        assertThat(planWithZoo(underWay.toArray(Event[]::new)).completed()).isEmpty();
    }

    private static Event[] ended() {
        List<Event> events = new ArrayList<>(List.of(completed(BASELINES)));
        for (String flow : List.of("a", "b")) {
            Event.FlowCheckpoint last = checkpoint(flow, 2, true);
            events.add(completed(train(flow)));
            events.addAll(List.of(queued(sample(last, 8)), completed(sample(last, 8))));
            events.addAll(List.of(queued(quick(last)), completed(quick(last))));
            events.addAll(List.of(queued(evaluate(last, "")), score("generated/" + flow, 2, true)));
            events.addAll(List.of(queued(evaluate(last, "quick")), score("generated/" + flow + "/quick", 2, true)));
            events.addAll(List.of(completed(evaluate(last, "")), completed(evaluate(last, "quick"))));
        }
        return events.toArray(Event[]::new);
    }

    @Test
    void aLostZooTaskEndsTheRunAtOnce() {
        Planner.Plan plan = plan(submitted(), queued(zoo(0, 2)), failed(zoo(2, 4), 3, true));
        assertThat(plan.tasks()).isEmpty();
        assertThat(plan.completed())
                .hasValueSatisfying(c -> assertThat(c.failed()).containsExactly("zoo/2-4"));
    }

    @Test
    void aFailedAttemptIsNotALostTask() {
        Planner.Plan plan = plan(submitted(), queued(zoo(0, 2)), queued(zoo(4, 5)), failed(zoo(2, 4), 1, false));
        assertThat(plan.completed()).isEmpty();
        assertThat(ids(plan)).containsExactly("zoo/2-4");
    }

    @Test
    void aLostFlowLosesOnlyItsTrial() {
        List<Event> events = new ArrayList<>(Arrays.asList(ended()));
        events.removeIf(e -> e.id().contains("/a"));
        events.add(failed(train("a"), 3, true));
        Planner.Plan plan = planWithZoo(events.toArray(Event[]::new));
        assertThat(plan.tasks()).isEmpty();
        assertThat(plan.completed())
                .hasValueSatisfying(c -> assertThat(c.failed()).containsExactly("train/a"));
    }

    @Test
    void aLostVariantLosesNothingElse() {
        for (String lost : List.of("sample/a/quick/final", "evaluate/a/quick/final")) {
            List<Event> events = new ArrayList<>(Arrays.asList(ended()));
            events.removeIf(e -> e.id().contains(lost) || e.id().equals("score/generated/a/quick/final"));
            events.add(new TaskEvent.TaskFailed(RUN, lost, Role.SAMPLER, 3, "w", "broken", true));
            Planner.Plan plan = planWithZoo(events.toArray(Event[]::new));
            assertThat(plan.tasks()).isEmpty();
            assertThat(plan.completed())
                    .hasValueSatisfying(c -> assertThat(c.failed()).containsExactly(lost));
        }
    }

    @Test
    void completionByALateAttemptWinsOverGivingUp() {
        assertThat(plan(submitted(), failed(zoo(0, 2), 3, true), completed(zoo(0, 2)))
                        .completed())
                .isEmpty();
    }

    @Test
    void nothingAfterTheEnd() {
        Planner.Plan plan = plan(submitted(), new RunEvent.RunCompleted(RUN, List.of(), 1));
        assertThat(plan.tasks()).isEmpty();
        assertThat(plan.completed()).isEmpty();
    }

    @Test
    void anotherTaskIsLeftAloneWithoutTransfer() {
        assertThat(ids(planWithZoo(checkpoint("a", 3, true)))).noneMatch(id -> id.startsWith("transfer/"));
    }

    @Test
    void aTransferNeedsItsOwnNetworksAndEveryFinalCheckpoint() {
        assertThat(ids(transferring())).containsExactly(Task.TransferBaselines.ID);
        assertThat(ids(transferring(checkpoint("a", 0, false), checkpoint("b", 3, true))))
                .containsExactly(
                        Task.TransferBaselines.ID,
                        "sample/a/0",
                        "sample/b/final",
                        "sample/b/quick/final",
                        "transfer/b");
    }

    @Test
    void aRunWithTransferIsOverWhenThatIsOver() {
        List<Event> events = new ArrayList<>(Arrays.asList(ended()));
        assertThat(ids(transferring(events.toArray(Event[]::new)))).containsExactly(Task.TransferBaselines.ID);

        for (String flow : List.of("a", "b")) {
            events.add(checkpoint(flow, 2, true));
        }
        events.add(completed(new Task.TransferBaselines(RUN, SampleRun.TRANSFER)));
        events.add(completed(new Task.TransferFlow(RUN, SampleRun.TRANSFER, checkpoint("a", 2, true))));
        assertThat(ids(transferring(events.toArray(Event[]::new)))).containsExactly("transfer/b");

        events.add(failed(new Task.TransferFlow(RUN, SampleRun.TRANSFER, checkpoint("b", 2, true)), 3, true));
        assertThat(transferring(events.toArray(Event[]::new)).completed())
                .hasValueSatisfying(c -> assertThat(c.failed()).containsExactly("transfer/b"));
    }

    @Test
    void theTransferOfALostFlowIsNotWaitedFor() {
        List<Event> events = new ArrayList<>(Arrays.asList(ended()));
        events.removeIf(e -> e.id().contains("/a"));
        events.addAll(List.of(failed(train("a"), 3, true), checkpoint("b", 2, true)));
        events.add(completed(new Task.TransferBaselines(RUN, SampleRun.TRANSFER)));
        events.add(completed(new Task.TransferFlow(RUN, SampleRun.TRANSFER, checkpoint("b", 2, true))));
        assertThat(transferring(events.toArray(Event[]::new)).completed()).isPresent();
    }

    private static Planner.Plan transferring(Event... more) {
        List<Event> events = new ArrayList<>(List.of(new RunEvent.RunSubmitted(RUN, SampleRun.TRANSFER, Map.of())));
        ZOO.forEach(t -> events.add(completed(t)));
        events.addAll(List.of(queued(BASELINES), queued(train("a")), queued(train("b"))));
        events.addAll(Arrays.asList(more));
        return plan(events.toArray(Event[]::new));
    }
}
