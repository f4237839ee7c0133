package dev.zooflow.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zooflow.message.BlobRef;
import dev.zooflow.message.Event;
import dev.zooflow.message.Event.MetricPoint;
import dev.zooflow.message.Event.Score;
import dev.zooflow.message.Message;
import dev.zooflow.message.Role;
import dev.zooflow.message.RunEvent.RunCompleted;
import dev.zooflow.message.Task;
import dev.zooflow.message.TaskEvent;
import dev.zooflow.message.TaskEvent.TaskCompleted;
import dev.zooflow.message.TaskEvent.TaskContinued;
import dev.zooflow.message.TaskEvent.TaskStarted;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What became of a run, from its topics alone, without the code that reduces them in the program.
 *
 * @param ends of the run: failed tasks of each end that the log holds
 * @param queued ids of all tasks that ever stood on a queue: a coordinator may die before it tells of one
 * @param accepted the first completion of each task
 * @param fenced {@code <task>/<attempt>} that completed later than another attempt
 * @param fencedOff attempts that gave up because they had lost their lock
 * @param contradictions ids of results of which two copies differ in what they say
 * @param table bits of every figure of the final scores, by group
 * @param repeated seconds of training that were done twice, one figure for each time that an attempt followed another
 * @param attempts begun in all
 */
record Account(
        List<List<String>> ends,
        Set<String> queued,
        Map<String, TaskCompleted> accepted,
        Set<String> fenced,
        int fencedOff,
        Set<String> contradictions,
        Map<String, Map<String, List<Long>>> table,
        List<Double> repeated,
        int attempts) {

    static Account of(Evidence evidence) {
        Map<String, TaskCompleted> accepted = new TreeMap<>();
        Set<String> fenced = new TreeSet<>();
        evidence.of(TaskCompleted.class).forEach(e -> {
            TaskCompleted first = accepted.putIfAbsent(e.task(), e);
            if (first != null && first.attempt() != e.attempt()) {
                fenced.add(e.task() + "/" + e.attempt());
            }
        });
        return new Account(
                evidence.of(RunCompleted.class)
                        .map(RunCompleted::failed)
                        .distinct()
                        .toList(),
                evidence.of(Task.class).map(Message::id).collect(Collectors.toCollection(TreeSet::new)),
                accepted,
                fenced,
                (int) evidence.of(TaskEvent.TaskFailed.class)
                        .filter(e -> e.reason().contains("fenced off"))
                        .map(Event::id)
                        .distinct()
                        .count(),
                contradictions(evidence),
                table(evidence),
                repeated(evidence),
                (int) evidence.of(TaskEvent.TaskStarted.class)
                        .map(Event::id)
                        .distinct()
                        .count());
    }

    private static Map<String, Map<String, List<Long>>> table(Evidence evidence) {
        Map<String, Map<String, List<Long>>> table = new TreeMap<>();
        evidence.of(Score.class).filter(Score::last).forEach(s -> table.putIfAbsent(s.group(), figures(s)));
        return table;
    }

    private static Map<String, List<Long>> figures(Score score) {
        Map<String, List<Long>> figures = new TreeMap<>();
        score.values().forEach((name, value) -> figures.put(name, List.of(Double.doubleToLongBits(value))));
        score.series()
                .forEach((name, values) -> figures.put(
                        "series " + name,
                        Arrays.stream(values).mapToObj(Double::doubleToLongBits).toList()));
        return figures;
    }

    private static Set<String> contradictions(Evidence evidence) {
        Map<String, Object> said = new HashMap<>();
        Set<String> contradictions = new TreeSet<>();
        evidence.messages().values().stream().flatMap(List::stream).forEach(message -> {
            Object says = says(message);
            Object before = said.putIfAbsent(message.topic() + message.id(), says);
            if (before != null && !before.equals(says)) {
                contradictions.add(message.id());
            }
        });
        return contradictions;
    }

    /** What counts of a result: all but the times at which it came about. */
    private static Object says(Message message) {
        if (message instanceof Score s) {
            return figures(s);
        } else if (message instanceof Event.FlowCheckpoint c) {
            return new Checkpoint(c.step(), c.last(), c.model());
        } else if (message instanceof Event.GeneratedNetworks g) {
            return Arrays.hashCode(g.networks().theta());
        } else if (message instanceof Event.ZooTrajectory z) {
            return Objects.hash(Arrays.hashCode(z.snapshots().theta()), Arrays.hashCode(z.validationAccuracy()));
        } else if (message instanceof Event.LossBarriers b) {
            return Arrays.deepHashCode(b.barrier());
        }
        return message.id();
    }

    private record Checkpoint(long step, boolean last, BlobRef model) {}

    /**
     * For each attempt that followed another one: how far the curve had come when it began, less where it went on. A curve has a
     * point in every half second, so that up to half a second more was repeated than is seen.
     */
    private static List<Double> repeated(Evidence evidence) {
        Map<String, List<TaskStarted>> starts = evidence.once(TaskStarted.class).stream()
                .filter(start -> start.role() == Role.TRAINER)
                .collect(Collectors.groupingBy(TaskStarted::task, TreeMap::new, Collectors.toList()));
        List<MetricPoint> points = curve(evidence);
        List<Double> repeated = new ArrayList<>();
        starts.forEach((task, attempts) -> {
            String stage = "flow/" + task.substring(Task.TrainFlow.PREFIX.length());
            List<MetricPoint> curve =
                    points.stream().filter(p -> p.stage().equals(stage)).toList();
            for (int i = 1; i < attempts.size(); i++) {
                long begin = time(evidence, attempts.get(i));
                long end = i + 1 < attempts.size() ? time(evidence, attempts.get(i + 1)) : Long.MAX_VALUE;
                boolean told = curve.stream().anyMatch(p -> time(evidence, p) >= begin && time(evidence, p) < end);
                double reached = curve.stream()
                        .filter(p -> time(evidence, p) < begin)
                        .mapToDouble(MetricPoint::seconds)
                        .max()
                        .orElse(0);
                from(evidence, attempts.get(i), told).ifPresent(from -> repeated.add(Math.max(0, reached - from)));
            }
        });
        return repeated;
    }

    private static long time(Evidence evidence, Event event) {
        return Objects.requireNonNull(evidence.times().get(event));
    }

    /**
     * The seconds of training from which an attempt went on.
     *
     * @param told whether it told of any training; one that did not was over before it went on
     */
    private static OptionalDouble from(Evidence evidence, TaskStarted attempt, boolean told) {
        OptionalDouble state = evidence.once(TaskContinued.class).stream()
                .filter(c -> c.task().equals(attempt.task()) && c.attempt() == attempt.attempt())
                .mapToDouble(TaskContinued::seconds)
                .findFirst();
        return state.isEmpty() && told ? OptionalDouble.of(0) : state;
    }

    /** Points of training. What an attempt still tells after another one did is none: it stood still, and the clock went on. */
    private static List<MetricPoint> curve(Evidence evidence) {
        Map<String, Integer> latest = new HashMap<>();
        return evidence.once(MetricPoint.class).stream()
                .filter(p -> p.stage().startsWith("flow/"))
                .filter(p -> latest.merge(p.stage(), p.attempt(), Math::max) == p.attempt())
                .toList();
    }

    /** Nothing is lost, nothing contradicts itself. */
    Account assertExactlyOnce() {
        assertThat(ends).as("ends of the run").containsExactly(List.of());
        Set<String> lost = new HashSet<>(queued);
        lost.removeAll(accepted.keySet());
        assertThat(lost).as("tasks without a result").isEmpty();
        assertThat(queued).as("results without a task").containsAll(accepted.keySet());
        assertThat(contradictions).as("results that differ from their copies").isEmpty();
        assertThat(table).isNotEmpty();
        return this;
    }

    /**
     * The program says the same: every task is done, by its first result and no other; every group has one row, of the first
     * figures that were told of it.
     */
    Account assertToldBy(Report report) {
        Map<String, Report.Result> first = new HashMap<>();
        accepted.forEach((task, e) -> first.put(task, new Report.Result("completed", e.worker(), e.seconds())));
        assertThat(report.results()).as("results of the tasks").isEqualTo(first);
        assertThat(report.groups()).as("groups of the table").containsExactlyInAnyOrderElementsOf(table.keySet());
        table.forEach((group, figures) ->
                assertThat(figures).as("figures of %s", group).containsAllEntriesOf(report.figures(group)));
        return this;
    }

    /** The same tasks and, bit by bit, the same figures. */
    Account assertSameAs(Account undisturbed) {
        assertThat(queued).isEqualTo(undisturbed.queued);
        assertThat(table).isEqualTo(undisturbed.table);
        return this;
    }

    /** Each attempt that follows another repeats so many seconds at most. */
    Account assertRepeatedAtMost(double seconds) {
        assertThat(repeated)
                .as("seconds of training that were repeated")
                .allSatisfy(s -> assertThat(s).isLessThanOrEqualTo(seconds));
        return this;
    }

    @Override
    public String toString() {
        return "%d tasks, %d accepted, %d attempts, fenced %s, fenced off %d, repeated seconds %s"
                .formatted(
                        queued.size(),
                        accepted.size(),
                        attempts,
                        fenced,
                        fencedOff,
                        repeated.stream().map("%.2f"::formatted).toList());
    }
}
