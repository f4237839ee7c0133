package dev.zooflow.actor;

import dev.zooflow.experiment.RunId;
import dev.zooflow.message.BlobName;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Under which the states of a training are found.
 *
 * @param run of the training
 * @param task that it is
 */
public record StateName(RunId run, String task) {

    private static final Pattern FORM = Pattern.compile("states/([^/]+)/(.+)");

    /** The training whose states a name points to; empty for names of other things. */
    public static Optional<StateName> of(BlobName name) {
        Matcher form = FORM.matcher(name.value());
        return form.matches() ? Optional.of(new StateName(new RunId(form.group(1)), form.group(2))) : Optional.empty();
    }

    /** The name in a blob store. */
    public BlobName name() {
        return new BlobName("states/%s/%s".formatted(run, task));
    }
}
