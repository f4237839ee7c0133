package dev.zooflow.app;

import java.time.Duration;
import me.tongfei.progressbar.ProgressBarRenderer;
import me.tongfei.progressbar.ProgressState;

/** One stage on the terminal: name, a bar of fixed width, percent, time, and what is known of it. */
final class BarLine implements ProgressBarRenderer {

    private static final int CELLS = 24;

    @Override
    public String render(ProgressState state, int width) {
        String line = line(
                state.getTaskName(), state.getNormalizedProgress(), state.getTotalElapsed(), state.getExtraMessage());
        return line.substring(0, Math.min(line.length(), Math.max(0, width)));
    }

    static String line(String name, double progress, Duration elapsed, String message) {
        int full = (int) Math.floor(CELLS * Math.min(1, progress));
        return Story.text(
                "%s %s%s %3d %% %4d:%02d  %s",
                name,
                "█".repeat(full),
                "░".repeat(CELLS - full),
                (int) Math.floor(100 * progress),
                elapsed.toMinutes(),
                elapsed.toSecondsPart(),
                message);
    }
}
