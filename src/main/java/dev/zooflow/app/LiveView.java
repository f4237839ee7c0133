package dev.zooflow.app;

import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.RunId;
import dev.zooflow.message.Event;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A picture of the run at the bottom of a terminal, drawn anew four times a second on a thread of its own; what stood there
 * before stays above, and the last picture stays when it is closed.
 */
final class LiveView implements RunView {

    private static final Logger LOG = LoggerFactory.getLogger(LiveView.class);
    private static final int EVERY_MILLIS = 250;

    private final RunId run;
    private final RunProgress progress;
    private final Workforce workforce;
    private final Terminal terminal;
    private final Display display;
    private final boolean unicode;
    private final ScheduledExecutorService thread;
    private Size size = new Size();
    private long began = Long.MAX_VALUE;
    private boolean hidden;
    private Runnable restoreErrors = () -> {};

    private LiveView(RunId run, ExperimentSpec spec, Workforce workforce, Terminal terminal) {
        this.run = run;
        this.progress = new RunProgress(spec);
        this.workforce = workforce;
        this.terminal = terminal;
        this.display = new Display(terminal, false);
        this.unicode = terminal.encoding().newEncoder().canEncode('█');
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread t = new Thread(task, "live-view");
            t.setDaemon(true);
            return t;
        });
    }

    /** Begins to draw on the terminal of this process. */
    static LiveView open(RunId run, ExperimentSpec spec, Workforce workforce) {
        try {
            // Signals stay with the virtual machine: with those of JLine Ctrl-C would end it at once, without its
            // hooks.
            Terminal terminal =
                    TerminalBuilder.builder().system(true).nativeSignals(false).build();
            LiveView view = open(run, spec, workforce, terminal);
            view.takeErrors();
            return view;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Begins to draw; the terminal and the workforce are closed with the view. */
    static LiveView open(RunId run, ExperimentSpec spec, Workforce workforce, Terminal terminal) {
        LiveView view = new LiveView(run, spec, workforce, terminal);
        view.begin();
        return view;
    }

    private void begin() {
        fit();
        terminal.handle(Terminal.Signal.WINCH, signal -> onResize());
        ScheduledFuture<?> unused =
                thread.scheduleWithFixedDelay(this::draw, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** What is logged meanwhile is written above the picture instead of into it. */
    private void takeErrors() {
        PrintStream before = System.err;
        Charset charset = terminal.encoding();
        System.setErr(new PrintStream(new LinesAbove(charset, this::above), true, charset));
        restoreErrors = () -> System.setErr(before);
    }

    /** Writes a line above the picture. */
    synchronized void above(String line) {
        if (hidden) {
            return;
        }
        terminal.puts(Capability.carriage_return);
        display.update(List.of(), 0);
        terminal.writer().println(line);
        draw();
    }

    private void fit() {
        Size now = terminal.getSize();
        // A terminal that does not know its size says zero.
        size = new Size(now.getColumns() > 0 ? now.getColumns() : 80, now.getRows() > 0 ? now.getRows() : 24);
        display.resize(size.getRows(), size.getColumns());
    }

    /** Terminals wrap old lines anew when they become narrower, so that nobody knows where the picture is: begin at the top. */
    private synchronized void onResize() {
        if (!hidden) {
            fit();
            terminal.puts(Capability.clear_screen);
            display.reset();
            draw();
        }
    }

    @Override
    public synchronized void on(Event event, long epochMillis) {
        began = Math.min(began, epochMillis);
        progress.on(event);
    }

    private synchronized void draw() {
        if (hidden) {
            return;
        }
        try {
            List<AttributedString> lines = lines();
            // Where the cursor is unless the terminal has echoed a key.
            terminal.puts(Capability.carriage_return);
            display.update(lines, size.cursorPos(lines.size() - 1, 0));
        } catch (RuntimeException e) {
            hidden = true;
            restoreErrors.run();
            LOG.warn("the picture of the run can't be drawn any more", e);
        }
    }

    private List<AttributedString> lines() {
        double seconds = Math.max(0, (System.currentTimeMillis() - began) / 1e3);
        return new Screen(size.getColumns(), size.getRows(), unicode)
                .lines(
                        progress,
                        new Screen.Surroundings(
                                run.value(),
                                began == Long.MAX_VALUE ? 0 : seconds,
                                workforce.alive(),
                                workforce.lag()));
    }

    @Override
    public synchronized void hide() {
        if (!hidden) {
            draw();
            hidden = true;
            restoreErrors.run();
            terminal.writer().println();
            terminal.flush();
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        hide();
        workforce.close();
        try {
            terminal.close();
        } catch (IOException e) {
            LOG.warn("the terminal can't be closed", e);
        }
    }
}
