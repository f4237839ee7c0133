package dev.zooflow.app;

import dev.zooflow.experiment.UserError;
import dev.zooflow.message.AtomicFile;
import dev.zooflow.message.Event.Score;
import dev.zooflow.report.Comparison;
import dev.zooflow.report.StoredRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code zooflow compare}: runs side by side. */
@Command(
        name = "compare",
        description = {
            "Puts runs side by side: the settings in which they differ, then accuracy and nn ratio of every group.",
            "With --html a page with more columns and charts."
        })
final class CompareCommand implements Callable<Integer> {

    @Spec
    private CommandSpec command;

    @Mixin
    private RunsDirOption runs;

    @Parameters(index = "0..*", arity = "2..*", paramLabel = "RUN", description = "Ids of runs, or directories.")
    private List<String> names = List.of();

    @Option(names = "--html", paramLabel = "FILE", description = "Writes this page, too.")
    private @Nullable Path html;

    @Override
    public Integer call() {
        Comparison comparison = new Comparison(names.stream().map(runs::find).toList());
        PrintWriter out = command.commandLine().getOut();
        List<List<String>> settings = new ArrayList<>();
        settings.add(row("setting", comparison, run -> run.run().value()));
        comparison.differences().forEach((key, values) -> {
            List<String> row = new ArrayList<>(List.of(key));
            row.addAll(values);
            settings.add(row);
        });
        TextTable.lines(settings).forEach(out::println);
        out.println();
        List<List<String>> scores = new ArrayList<>();
        scores.add(row("accuracy, nn ratio", comparison, run -> run.run().value()));
        comparison.groups().forEach(group -> scores.add(row(group, comparison, run -> cell(run.score(group)))));
        TextTable.lines(scores).forEach(out::println);
        if (html != null) {
            write(html, comparison);
            out.printf("%npage: %s%n", html);
        }
        out.flush();
        return ExitCode.OK;
    }

    private interface Cell {
        String of(StoredRun run);
    }

    private static List<String> row(String first, Comparison comparison, Cell cell) {
        List<String> row = new ArrayList<>(List.of(first));
        comparison.runs().forEach(run -> row.add(cell.of(run)));
        return row;
    }

    private static String cell(Optional<Score> score) {
        return score.isEmpty()
                ? "–"
                : FinalTable.number(score, "accuracy_mean", 3) + ", " + FinalTable.number(score, "nn_ratio_mean", 2);
    }

    private static void write(Path file, Comparison comparison) {
        try {
            AtomicFile.write(file, comparison.page());
        } catch (IOException e) {
            throw UserError.infrastructure(
                    "page (%s) can't be written: %s. Maybe another --html?".formatted(file, e.getMessage()), e);
        }
    }
}
