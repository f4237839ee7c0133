package dev.zooflow.app;

import dev.zooflow.app.TrialProgress.State;
import dev.zooflow.message.Role;
import dev.zooflow.message.WorkerHeartbeat;
import dev.zooflow.report.BestNetworks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/**
 * What a terminal of some size shows of a run: stages, trials, workers, what waits. Less room means fewer trials, then fewer
 * workers; no line is longer than the terminal is wide.
 *
 * @param columns of the terminal
 * @param rows of the terminal, of which the last stays free
 * @param unicode whether it can show block characters and signs
 */
record Screen(int columns, int rows, boolean unicode) {

    private static final int STAGE_CELLS = 24;
    private static final int TRIAL_CELLS = 10;
    private static final int MOST_WORKERS = 6;
    private static final int LONGEST_NAME = 32;
    // Header, three stages, two blank lines, the trials' head, what waits, and the free row.
    private static final int FIXED = 9;

    private static final AttributedStyle PLAIN = AttributedStyle.DEFAULT;
    private static final AttributedStyle BOLD = PLAIN.bold();
    private static final AttributedStyle FAINT = PLAIN.faint();

    /**
     * What is known beside the run's own events.
     *
     * @param run its name
     * @param seconds since it began
     * @param workers latest heartbeats of those that live
     * @param lag tasks that wait for each role or are in work; empty while it is not known
     */
    record Surroundings(String run, double seconds, List<WorkerHeartbeat> workers, Map<Role, Long> lag) {

        private int trainers() {
            return (int) Math.max(
                    1, workers.stream().filter(w -> w.role() == Role.TRAINER).count());
        }
    }

    /** The lines, from the top. */
    List<AttributedString> lines(RunProgress progress, Surroundings around) {
        List<AttributedString> lines = new ArrayList<>();
        lines.add(header(progress, around));
        lines.add(stage(
                "zoo",
                progress.zoo(),
                "%d trajectories%s".formatted(progress.trajectories(), left(progress.zooToGo()))));
        lines.add(stage("training", progress.training(), counts(progress)));
        lines.add(line("scores     %d groups".formatted(progress.groups()), PLAIN));
        List<String> workers = workers(around);
        int room = rows - FIXED - (progress.failures().isEmpty() ? 0 : 1);
        int shownWorkers = Math.max(0, Math.min(Math.min(workers.size(), MOST_WORKERS), room / 3));
        lines.add(line("", PLAIN));
        lines.addAll(trials(progress, Math.max(1, room - shownWorkers)));
        lines.add(line("", PLAIN));
        workers.stream().limit(shownWorkers).forEach(w -> lines.add(line(w, PLAIN)));
        lines.add(line(waiting(around, workers.size() - shownWorkers), FAINT));
        List<String> failures = progress.failures();
        if (!failures.isEmpty()) {
            lines.add(line(failures.get(failures.size() - 1), PLAIN.foreground(AttributedStyle.RED)));
        }
        return lines.subList(0, Math.min(lines.size(), Math.max(1, rows - 1)));
    }

    private AttributedString header(RunProgress progress, Surroundings around) {
        double seconds = progress.end().map(e -> e.seconds()).orElse(around.seconds());
        OptionalDouble toGo = progress.toGo(around.trainers());
        String rest = progress.zoo() < 1 || toGo.isEmpty()
                ? ""
                : toGo.getAsDouble() > 0 ? ", training for about " + clock(toGo.getAsDouble()) + " more" : ", scoring";
        return line("%s  %s %s%s".formatted(around.run(), progress.status(), clock(seconds), rest), BOLD);
    }

    private static String counts(RunProgress progress) {
        int all = Arrays.stream(State.values()).mapToInt(progress::count).sum();
        int stopped = progress.count(State.STOPPED);
        return "%d of %d flows%s%s; %d running"
                .formatted(
                        progress.count(State.COMPLETED) + stopped,
                        all,
                        ifAny(stopped, "stopped early"),
                        ifAny(progress.count(State.FAILED), "failed"),
                        progress.count(State.RUNNING));
    }

    private static String ifAny(int count, String what) {
        return count > 0 ? ", %d %s".formatted(count, what) : "";
    }

    private static String left(OptionalDouble seconds) {
        return seconds.isPresent() ? ", about %s more".formatted(clock(seconds.getAsDouble())) : "";
    }

    private AttributedString stage(String name, double done, String message) {
        return line(
                "%-10s %s %3d %%  %s".formatted(name, bar(done, STAGE_CELLS), (int) Math.floor(100 * done), message),
                PLAIN);
    }

    private String bar(double done, int cells) {
        int full = (int) Math.floor(cells * Math.max(0, Math.min(1, done)));
        return (unicode ? "█" : "#").repeat(full) + (unicode ? "░" : ".").repeat(cells - full);
    }

    private List<AttributedString> trials(RunProgress progress, int room) {
        List<TrialProgress> all = progress.trials();
        boolean fits = all.size() <= room;
        List<TrialProgress> shown = all.subList(0, fits ? all.size() : Math.max(0, room - 1));
        List<List<String>> cells = new ArrayList<>();
        cells.add(List.of(
                "  flow", "progress", "step", "steps/s", "to go", "loss", "accuracy", "nn ratio", head(progress)));
        shown.forEach(t -> cells.add(row(t, progress.metric())));
        List<String> texts = TextTable.lines(cells);
        List<AttributedString> lines = new ArrayList<>();
        lines.add(line(texts.get(0), FAINT));
        for (int i = 0; i < shown.size(); i++) {
            String note = shown.get(i).note();
            lines.add(line(
                    texts.get(i + 1) + (note.isEmpty() ? "" : "  " + note),
                    style(shown.get(i).state())));
        }
        if (!fits) {
            lines.add(line("  … and %d more".formatted(all.size() - shown.size()), FAINT));
        }
        return lines;
    }

    private static String head(RunProgress progress) {
        return progress.metric().equals(BestNetworks.METRIC) ? "novel+good" : progress.metric();
    }

    private List<String> row(TrialProgress t, String metric) {
        String sign = switch (t.state()) {
            case RUNNING -> unicode ? "▶ " : "> ";
            case COMPLETED -> unicode ? "✓ " : "+ ";
            case STOPPED -> unicode ? "■ " : "- ";
            case FAILED -> unicode ? "✗ " : "x ";
            case WAITING -> "  ";
        };
        boolean begun = t.step() > 0;
        return List.of(
                sign + shortened(t.name()),
                t.state() == State.WAITING && !begun ? "waits" : bar(t.progress(), TRIAL_CELLS),
                begun ? Long.toString(t.step()) : "",
                begun ? Story.text("%.1f", t.rate()) : "",
                t.toGo().isPresent() ? clock(t.toGo().getAsDouble()) : "",
                number("%.4g", t.loss()),
                number("%.3f", t.score("accuracy_mean")),
                number("%.2f", t.score("nn_ratio_mean")),
                number("%.3f", t.score(metric)));
    }

    private static String shortened(String name) {
        return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME - 1) + "…";
    }

    private static String number(String format, double value) {
        return Double.isFinite(value) ? Story.text(format, value) : "";
    }

    private static AttributedStyle style(State state) {
        return switch (state) {
            case RUNNING -> BOLD;
            case COMPLETED, STOPPED -> PLAIN;
            case FAILED -> PLAIN.foreground(AttributedStyle.RED);
            case WAITING -> FAINT;
        };
    }

    /** A line for each process and device. */
    private List<String> workers(Surroundings around) {
        Map<String, List<WorkerHeartbeat>> byWorker = around.workers().stream()
                .collect(Collectors.groupingBy(WorkerHeartbeat::worker, LinkedHashMap::new, Collectors.toList()));
        return byWorker.entrySet().stream()
                .map(e -> "worker %s: %s; %,d MiB"
                        .formatted(
                                shortened(e.getKey().replaceFirst("^([^/]+/[^/]+)/[^/]+", "$1")),
                                doing(e.getValue(), around.run()),
                                e.getValue().get(0).residentMib()))
                .toList();
    }

    private static String doing(List<WorkerHeartbeat> beats, String run) {
        String busy = beats.stream()
                .filter(b -> !b.task().isEmpty())
                .map(b -> b.task().startsWith(run + "/") ? b.task().substring(run.length() + 1) : b.task())
                .collect(Collectors.joining(", "));
        String devices = beats.stream().map(WorkerHeartbeat::device).distinct().collect(Collectors.joining(", "));
        String rate = beats.stream()
                .filter(b -> b.role() == Role.TRAINER && b.rate() > 0)
                .map(b -> Story.text(", %.1f steps/s", b.rate()))
                .findFirst()
                .orElse("");
        return "%s, %s%s".formatted(devices, busy.isEmpty() ? "idle" : busy, rate);
    }

    private static String waiting(Surroundings around, int otherWorkers) {
        String lag = around.lag().entrySet().stream()
                .map(e -> "%s %d".formatted(e.getKey().id(), e.getValue()))
                .collect(Collectors.joining(", "));
        String others = otherWorkers > 0 ? "%d more workers; ".formatted(otherWorkers) : "";
        return others + (lag.isEmpty() ? "" : "tasks waiting or in work: " + lag);
    }

    /** Minutes and seconds, {@code 1:05}, or hours, {@code 2:03:09}. */
    static String clock(double seconds) {
        long s = Math.round(seconds);
        return s < 3600
                ? "%d:%02d".formatted(s / 60, s % 60)
                : "%d:%02d:%02d".formatted(s / 3600, s % 3600 / 60, s % 60);
    }

    private AttributedString line(String text, AttributedStyle style) {
        // What comes from messages may hold anything; a terminal obeys control characters.
        String printable = text.replaceAll("\\p{Cntrl}", " ");
        String shown = unicode ? printable : printable.replaceAll("[^\\x20-\\x7e]", "?");
        return new AttributedStringBuilder()
                .styled(style, shown)
                .toAttributedString()
                .columnSubSequence(0, Math.max(1, columns - 1));
    }
}
