package dev.zooflow.experiment;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * All of an experiment that the training of one flow depends on: equal identities, equal trainings.
 *
 * @param seed root of the seed tree
 * @param task what the base networks learn
 * @param network their architecture
 * @param zoo how they are trained
 * @param flow and its budget
 */
public record TrainingIdentity(long seed, TaskSpec task, NetworkSpec network, ZooSpec zoo, FlowSpec flow) {

    /** The identity of the training of one of an experiment's flows. */
    public static TrainingIdentity of(ExperimentSpec spec, FlowSpec flow) {
        return new TrainingIdentity(spec.seed(), spec.task(), spec.network(), spec.zoo(), flow.trained());
    }

    /** SHA-256 of every key and value, 64 lower-case hexadecimal digits. */
    public String sha256() {
        String text = ConfigValueFactory.fromMap(SpecWriter.tree(this)).render(ConfigRenderOptions.concise());
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
