package dev.zooflow.app;

import static dev.zooflow.app.RunProgressTest.RUN;
import static dev.zooflow.app.RunProgressTest.SPEC;
import static dev.zooflow.app.RunProgressTest.failed;
import static dev.zooflow.app.RunProgressTest.point;
import static dev.zooflow.app.RunProgressTest.score;
import static dev.zooflow.app.RunProgressTest.started;
import static dev.zooflow.app.RunProgressTest.trained;
import static org.assertj.core.api.Assertions.assertThat;

import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.message.Event;
import dev.zooflow.message.Role;
import dev.zooflow.message.TaskEvent;
import dev.zooflow.message.WorkerHeartbeat;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LiveViewTest {

    private static final List<WorkerHeartbeat> BEATS = List.of(
            new WorkerHeartbeat(
                    WorkerHeartbeat.FLEET, "host/12/ab", Role.TRAINER, "cpu", "r/train/b", 20, 12.25, 1500, 5),
            new WorkerHeartbeat(WorkerHeartbeat.FLEET, "host/12/ab", Role.SAMPLER, "cpu", "", 0, 0, 1500, 5));

    private static final Workforce WORKFORCE = new Workforce() {
        @Override
        public List<WorkerHeartbeat> alive() {
            return BEATS;
        }

        @Override
        public Map<Role, Long> lag() {
            return Map.of(Role.TRAINER, 2L);
        }

        @Override
        public void close() {}
    };

    private static final Screen.Surroundings AROUND = new Screen.Surroundings("r", 75, BEATS, Map.of(Role.TRAINER, 2L));

    private static RunProgress midway() {
        RunProgress progress = new RunProgress(SPEC);
        for (Event event : List.of(
                point("zoo/0-10", 3, 2, 1),
                started("a"),
                trained("a"),
                score("generated/a", true, 0.912, 0.5),
                started("b"),
                point("flow/b", 60, 5, 0.5),
                failed("c", true))) {
            progress.on(event);
        }
        return progress;
    }

    private static List<String> text(Screen screen, RunProgress progress) {
        return screen.lines(progress, AROUND).stream()
                .map(AttributedString::toString)
                .toList();
    }

    @Test
    void showsStagesTrialsWorkersAndWhatWaits() {
        List<String> lines = text(new Screen(120, 40, true), midway());
        assertThat(lines.get(0)).isEqualTo("r  running 1:15, training for about 0:15 more");
        assertThat(lines.get(1)).isEqualTo("zoo        ████████████████████████ 100 %  10 trajectories");
        assertThat(lines.get(2)).startsWith("training   ███████████").endsWith("1 of 4 flows, 1 failed; 1 running");
        assertThat(lines.get(6)).startsWith("▶ b").contains("█████░░░░░", "60", "12.0", "0:05", "0.5000");
        assertThat(lines.get(7)).startsWith("✓ a").contains("0.912", "0.90", "0.500");
        assertThat(lines.get(8)).startsWith("✗ c").endsWith("no memory");
        assertThat(lines.get(9)).startsWith("  d").endsWith("waits");
        assertThat(lines)
                .contains(
                        "worker host/12: cpu, train/b, 12.3 steps/s; 1,500 MiB",
                        "tasks waiting or in work: trainer 2",
                        "train/c, attempt 1 failed: no memory");
    }

    @ParameterizedTest
    @CsvSource({"80,24", "40,10", "20,5", "10,2", "200,60"})
    void fitsEveryTerminalWithAThousandTrials(int columns, int rows) {
        String flows = IntStream.range(0, 1000)
                .mapToObj(i -> "{ name = flow-%d }".formatted(i))
                .collect(Collectors.joining(","));
        RunProgress progress = new RunProgress(ExperimentFile.parse("flows = [%s]".formatted(flows)));
        IntStream.range(0, 30).forEach(i -> progress.on(trained("flow-" + i)));
        progress.on(started("flow-999"));
        List<String> lines = text(new Screen(columns, rows, true), progress);
        assertThat(lines)
                .hasSizeBetween(1, rows - 1)
                .allSatisfy(line -> assertThat(line.length()).isLessThan(columns));
        if (rows >= 24) {
            assertThat(lines).anyMatch(line -> line.startsWith("▶ flow-999"));
            assertThat(lines).anyMatch(line -> line.matches("  … and \\d+ more"));
        }
    }

    @Test
    void controlCharactersFromMessagesAreNotObeyedAndPlainTerminalsGetPlainText() {
        RunProgress progress = new RunProgress(SPEC);
        progress.on(new TaskEvent.TaskFailed(RUN, "train/a", Role.TRAINER, 1, "w", "\u001b[2J\u0007é", true));
        assertThat(text(new Screen(100, 30, false), progress))
                .allSatisfy(line -> assertThat(line).matches("[\\x20-\\x7e]*"));
    }

    @Test
    void drawsOnATerminalFollowsItsSizeAndLeavesTheLastPicture() throws IOException {
        ByteArrayOutputStream drawn = new ByteArrayOutputStream();
        Terminal terminal = TerminalBuilder.builder()
                .system(false)
                .streams(new ByteArrayInputStream(new byte[0]), drawn)
                .type("xterm")
                .encoding(StandardCharsets.UTF_8)
                .build();
        terminal.setSize(new Size(100, 30));
        try (LiveView view = LiveView.open(RUN, SPEC, WORKFORCE, terminal)) {
            view.on(started("b"), System.currentTimeMillis());
            view.on(point("flow/b", 60, 5, 0.5), System.currentTimeMillis());
            terminal.setSize(new Size(50, 12));
            terminal.raise(Terminal.Signal.WINCH);
            String clear = "\u001b[H\u001b[2J";
            String all = drawn.toString(StandardCharsets.UTF_8);
            assertThat(all).contains(clear);
            assertThat(all.substring(all.lastIndexOf(clear)))
                    .contains("… and 3 more", "12.3 steps/s; 1,500 ")
                    .doesNotContain("1,500 MiB");
            drawn.reset();
            new PrintStream(new LinesAbove(StandardCharsets.UTF_8, view::above), true, StandardCharsets.UTF_8)
                    .printf("a warning: é%n");
            assertThat(drawn.toString(StandardCharsets.UTF_8)).containsPattern("a warning: é\\R?[\\s\\S]*zoo ");
            view.on(trained("b"), System.currentTimeMillis());
        }
        assertThat(drawn.toString(StandardCharsets.UTF_8)).contains("✓").endsWith(System.lineSeparator());
    }
}
