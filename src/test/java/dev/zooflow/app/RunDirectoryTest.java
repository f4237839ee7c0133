package dev.zooflow.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zooflow.experiment.RunId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {

    @TempDir
    private Path dir;

    private RunDirectory directory;

    @BeforeEach
    void create() {
        directory = RunDirectory.create(dir, new RunId("r"));
    }

    private String status() throws IOException {
        return Files.readString(dir.resolve("r/status")).strip();
    }

    @Test
    void saysHowFarTheRunCame() throws IOException {
        assertThat(status()).isEqualTo("running");
        directory.beginResults();
        assertThat(status()).isEqualTo("writing");
        directory.end(RunDirectory.Status.COMPLETED);
        assertThat(status()).isEqualTo("completed");
    }

    @Test
    void anInterruptedRunWritesNoResults() throws IOException {
        assertThat(directory.interrupt()).contains("holds no results");
        assertThat(status()).isEqualTo("interrupted");
        assertThatThrownBy(directory::beginResults).isInstanceOf(Interruption.InterruptedRunException.class);
        directory.giveUp();
        assertThat(status()).isEqualTo("interrupted");
    }

    @Test
    void resultsThatAreBeingWrittenAreNotInterrupted() throws IOException {
        directory.beginResults();
        assertThat(directory.interrupt()).contains("results are in");
        assertThat(status()).isEqualTo("writing");
        directory.end(RunDirectory.Status.FAILED);
        assertThat(status()).isEqualTo("failed");
    }

    @Test
    void anErrorLeavesItBrokenUnlessItWasOver() throws IOException {
        directory.giveUp();
        assertThat(status()).isEqualTo("broken");
        RunDirectory other = RunDirectory.create(dir, new RunId("s"));
        other.beginResults();
        other.end(RunDirectory.Status.COMPLETED);
        other.giveUp();
        assertThat(other.status()).isEqualTo(RunDirectory.Status.COMPLETED);
    }
}
