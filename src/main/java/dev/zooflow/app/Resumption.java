package dev.zooflow.app;

import dev.zooflow.data.Dataset;
import dev.zooflow.data.Datasets;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.RunId;
import dev.zooflow.experiment.UserError;
import dev.zooflow.message.BlobStore;
import dev.zooflow.message.Event;
import dev.zooflow.message.Role;
import dev.zooflow.message.RunEvent.RunCompleted;
import dev.zooflow.message.RunEvent.RunOffered;
import dev.zooflow.message.RunEvent.RunResumed;
import dev.zooflow.message.TaskEvent.TaskRetried;
import dev.zooflow.tensor.Torch;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A run that goes on after it was cut short: nothing that has finished is repeated and all ids stay.
 *
 * @param settings of this process
 * @param dataDir where data sets are
 * @param page beside the run, if this process performs it
 * @param retry whether tasks that were given up are tried again, too
 * @param out for people
 */
record Resumption(AppSettings settings, Path dataDir, RunPage page, boolean retry, PrintWriter out) {

    /** What must be published so that the run goes on, before a coordinator takes it; empty when it needs nothing. */
    List<Event> decisions(Ledger ledger) {
        List<TaskRetried> retries = retry ? ledger.retries() : List.of();
        List<Event> decisions = new ArrayList<>(retries);
        if (ledger.life().over().isPresent() && (ledger.cutShort() || !retries.isEmpty())) {
            decisions.add(new RunResumed(ledger.run(), ledger.nextRound()));
        }
        return decisions;
    }

    /** Lets the fleet go on with a run; tells what was done. */
    String inFleet(Wires wires, RunId run) {
        Ledger ledger = Ledger.of(run, wires);
        List<Event> decisions = decisions(ledger);
        if (ledger.life().over().isPresent() && decisions.isEmpty()) {
            String remedy =
                    ledger.status().equals("failed") ? "`zooflow retry %s --failed`".formatted(run) : "another run";
            throw UserError.usage("run (%s) is over: %s. Maybe %s?".formatted(run, ledger.status(), remedy));
        }
        if (!ledger.life().offered()) {
            decisions.add(new RunOffered(run));
        }
        decisions.forEach(event -> AbstractFleetCommand.publish(wires, event));
        return "run %s goes on%s".formatted(run, decisions.isEmpty() ? " by itself" : "");
    }

    /** Goes on with the run in this directory, in this process, until its end; returns the exit code. */
    int inDirectory(Path path, BlobStore blobs) {
        return inDirectory(path, blobs, wires -> {});
    }

    /** The same once this was done with the log. */
    int inDirectory(Path path, BlobStore blobs, Consumer<Wires> before) {
        try (Interruption interruption = Interruption.watch(() -> "interrupted before the run went on");
                Brokers brokers = Brokers.open(settings.kafka().withBootstrapServers(""), RunDirectory.broker(path));
                Wires wires = Wires.connect(brokers.settings(), blobs)) {
            prepare(path, wires, before);
            Ledger ledger = Ledger.of(RunDirectory.id(path), wires);
            RunDirectory directory = RunDirectory.reopen(path);
            interruption.farewell(directory::interrupt);
            RunLog log = RunLog.open(directory.log());
            try {
                Supplier<RunView> view = () -> page.view(ledger.run(), ledger.spec(), wires, brokers.settings(), out);
                return goOn(ledger, directory, new LiveRun(brokers, wires, interruption), view, wires, interruption);
            } catch (RuntimeException | Error e) {
                directory.giveUp();
                interruption.check();
                throw e;
            } finally {
                log.close();
            }
        }
    }

    private static void prepare(Path path, Wires wires, Consumer<Wires> before) {
        try {
            before.accept(wires);
        } catch (RuntimeException | Error e) {
            RunDirectory.reopen(path).giveUp();
            throw e;
        }
    }

    private int goOn(
            Ledger ledger,
            RunDirectory directory,
            LiveRun live,
            Supplier<RunView> views,
            Wires wires,
            Interruption interruption) {
        ExperimentSpec spec = ledger.spec();
        Dataset dataset = Datasets.load(spec.task(), spec.seed(), dataDir);
        List<Event> decisions = decisions(ledger);
        boolean resumed = decisions.stream().anyMatch(RunResumed.class::isInstance);
        int round = resumed ? ledger.nextRound() : ledger.life().round();
        RunCompleted end;
        if (ledger.life().over().isPresent() && !resumed) {
            end = ledger.life().over().get();
        } else {
            out.printf("run %s goes on in %s%n", ledger.run(), directory.path());
            out.flush();
            Torch.useThreads(settings.threads());
            LiveRun.Worksite site = new LiveRun.Worksite(EnumSet.allOf(Role.class), dataDir, settings);
            try (RunView view = views.get()) {
                end = live.perform(ledger.run(), decisions, round, site, view);
            }
        }
        interruption.check();
        Results results = new Results(spec, dataset, directory);
        results.write(wires, end, out);
        results.upload(settings.mlflow(), ledger.run());
        return end.failed().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
    }
}
