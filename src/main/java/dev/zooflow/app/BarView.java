package dev.zooflow.app;

import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.message.Event;
import dev.zooflow.message.Role;
import dev.zooflow.message.Task;
import dev.zooflow.message.TaskEvent;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/** A progress bar for the zoo, one with a live line for each flow, and one for the baselines. */
final class BarView implements RunView {

    private static final int FULL = 1000;
    private static final int UPDATE_MILLIS = 200;
    private static final String TRANSFER = Task.TransferFlow.PREFIX;
    private static final String ZOO = "zoo";
    private static final String BASELINES = "baselines";

    private final int trajectories;
    private final int nameWidth;
    private final Map<String, ProgressBar> bars = new LinkedHashMap<>();
    private final Map<String, Double> zooProgress = new HashMap<>();
    private final Map<String, String> losses = new HashMap<>();
    private final Map<String, String> scores = new HashMap<>();

    BarView(ExperimentSpec spec) {
        trajectories = spec.zoo().trajectories();
        nameWidth = Math.max(
                BASELINES.length(),
                spec.flows().stream().mapToInt(f -> f.name().length()).max().orElse(0));
    }

    @Override
    public void on(Event event) {
        if (event instanceof Event.MetricPoint e) {
            onMetric(e);
        } else if (event instanceof TaskEvent.TaskStarted e && e.role() == Role.TRAINER) {
            bar(flow(e.task()));
        } else if (event instanceof TaskEvent.TaskCompleted e) {
            onCompleted(e);
        } else if (event instanceof TaskEvent.TaskStopped e) {
            String flow = flow(e.task());
            scores.put(flow, Story.text("stopped early at step %d, %s", e.step(), scores.getOrDefault(flow, "")));
            message(flow);
        } else if (event instanceof TaskEvent.TaskFailed e) {
            onFailed(e);
        } else if (event instanceof Event.Score e) {
            onScore(e);
        }
    }

    private void onMetric(Event.MetricPoint e) {
        if (e.stage().startsWith(Task.ProduceZoo.PREFIX)) {
            zoo(e.stage(), e.progress());
            return;
        }
        if (e.stage().startsWith(TRANSFER)) {
            return;
        }
        String flow = e.stage().substring(e.stage().indexOf('/') + 1);
        Double loss = e.values().get("loss");
        losses.put(flow, Story.text("step %d, loss %.4g", e.step(), loss == null ? Double.NaN : loss));
        bar(flow).stepTo(Math.round(FULL * e.progress()));
        message(flow);
    }

    private void zoo(String task, double progress) {
        zooProgress.merge(task, progress, Math::max);
        double done = zooProgress.entrySet().stream()
                .mapToDouble(e -> e.getValue() * Story.size(e.getKey()))
                .sum();
        bar(ZOO).stepTo(Math.round(FULL * done / trajectories));
        bar(ZOO).setExtraMessage(Story.text("%d of %d trajectories", Math.round(done), trajectories));
    }

    private void onCompleted(TaskEvent.TaskCompleted e) {
        if (e.task().startsWith(Task.ProduceZoo.PREFIX)) {
            zoo(e.task(), 1);
        } else if (e.role() == Role.TRAINER) {
            bar(flow(e.task())).stepTo(FULL);
        } else if (e.task().equals(Task.EvaluateBaselines.ID)) {
            bar(BASELINES).stepTo(FULL);
        }
    }

    private void onFailed(TaskEvent.TaskFailed e) {
        boolean zoo = e.task().startsWith(Task.ProduceZoo.PREFIX);
        String name = e.role() == Role.TRAINER ? flow(e.task()) : zoo ? ZOO : BASELINES;
        bar(name).setExtraMessage(Story.text("%s failed: %s", e.task(), e.reason()));
    }

    private void onScore(Event.Score e) {
        boolean refined = e.group().indexOf('+') >= 0;
        if (e.step() == 0 || refined) {
            bar(BASELINES).setExtraMessage(e.group() + ": " + Story.figures(e.values()));
            return;
        }
        String[] parts = e.group().split("/", 3);
        if (parts.length == 3) {
            bar(parts[1]).setExtraMessage(parts[2] + ": " + Story.figures(e.values()));
            return;
        }
        String flow = parts[1];
        scores.put(flow, (e.last() ? "final " : "") + Story.figures(e.values()));
        message(flow);
    }

    private void message(String flow) {
        String score = scores.containsKey(flow) ? "; " + scores.get(flow) : "";
        bar(flow).setExtraMessage(losses.getOrDefault(flow, "") + score);
    }

    private static String flow(String task) {
        return task.substring(Task.TrainFlow.PREFIX.length());
    }

    private ProgressBar bar(String name) {
        return bars.computeIfAbsent(
                name,
                n -> new ProgressBarBuilder()
                        .setTaskName(("%-" + nameWidth + "s").formatted(n))
                        .setInitialMax(FULL)
                        .setRenderer(new BarLine())
                        .setUpdateIntervalMillis(UPDATE_MILLIS)
                        .build());
    }

    @Override
    public void close() {
        bars.values().forEach(ProgressBar::close);
    }
}
