package dev.zooflow.actor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zooflow.experiment.UserError;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class VerdictTest {

    @Test
    void anUnexpectedFailureKeepsItsStackTraceForTheLog() {
        IOException cause = new IOException("disk is wobbly");
        CompletionException failure = new CompletionException(cause);
        assertThat(Verdict.of(null, failure, false)).isEqualTo(new Verdict.Retry("IOException: disk is wobbly", cause));
        assertThat(Verdict.of(null, failure, true)).isEqualTo(new Verdict.GiveUp("IOException: disk is wobbly", cause));
    }

    @Test
    void aFailureThatSaysAllHasNone() {
        assertThat(Verdict.of(null, UserError.usage("width (0) is too small"), false))
                .isEqualTo(new Verdict.GiveUp("width (0) is too small", null));
        assertThat(Verdict.of(null, UserError.infrastructure("file (x) is missing"), false))
                .isEqualTo(new Verdict.Retry("file (x) is missing", null));
        assertThat(Verdict.of(null, new UnprocessableTaskException("no such flow"), false))
                .isEqualTo(new Verdict.GiveUp("no such flow", null));
    }

    @Test
    void cancelledWorkIsHandedBackAndUnwantedWorkForgotten() {
        assertThat(Verdict.of(null, new CancellationException(), true)).isEqualTo(new Verdict.SetAside());
        assertThat(Verdict.of(TaskRun.Outcome.NOT_WANTED, null, false)).isEqualTo(new Verdict.Forget());
        assertThat(Verdict.of(TaskRun.Outcome.DONE, null, false)).isEqualTo(new Verdict.Complete());
    }
}
