package dev.zooflow.app;

import dev.zooflow.actor.CheckpointRetention;
import dev.zooflow.actor.StateName;
import dev.zooflow.blob.BlobSettings;
import dev.zooflow.blob.BlobStores;
import dev.zooflow.blob.Sweep;
import dev.zooflow.experiment.UserError;
import dev.zooflow.kafka.BlobReferences;
import dev.zooflow.kafka.KafkaSettings;
import dev.zooflow.message.BlobName;
import dev.zooflow.message.Topic;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Frees the blobs that no record on any topic refers to and no name points to, but for those that were put lately; and what
 * the settings do not keep of runs whose events are known.
 *
 * @param settings what is kept
 * @param grace how long a blob may lie before a record refers to it
 * @param forgetUnknown whether states of runs that the log does not know are freed, too
 * @param dryRun whether everything stays as it is
 */
record GarbageCollection(BlobSettings settings, Duration grace, boolean forgetUnknown, boolean dryRun) {

    /**
     * Looks for garbage and frees it.
     *
     * @throws UserError when the brokers or the store fail, or the store seems to be that of other brokers
     */
    Sweep.Outcome perform(Wires wires, KafkaSettings kafka) {
        try {
            boolean owned = Brokers.owner(kafka).owns(wires.blobs());
            Sweep sweep = Sweep.begin(wires.blobs(), Instant.now().minus(grace));
            Set<String> referenced = new BlobReferences(kafka, wires.blobs()).all();
            CheckpointRetention retention = new CheckpointRetention();
            for (Topic topic : CheckpointRetention.TOPICS) {
                wires.log().replayAll(topic, recorded -> retention.accept(recorded.event()));
            }
            requireOwn(owned, sweep, retention, wires);
            if (!settings.keepAllCheckpoints()) {
                referenced.removeAll(retention.released());
            }
            return sweep.end(referenced, name -> isForgotten(name, retention), dryRun);
        } catch (IOException e) {
            throw BlobStores.unusable(e);
        }
    }

    /** Refuses where references may stand in a log that this one is not. */
    private void requireOwn(boolean owned, Sweep sweep, CheckpointRetention retention, Wires wires) {
        if (!owned && retention.runs().isEmpty() && !sweep.isEmpty()) {
            throw UserError.usage(
                    "blobs (%s) are there, but no run is in the event log. Maybe other brokers, or another kafka.prefix?"
                            .formatted(wires.blobs()));
        }
        Optional<StateName> foreign = sweep.names().stream()
                .flatMap(name -> StateName.of(name).stream())
                .filter(name -> !forgetUnknown && !retention.runs().contains(name.run()))
                .findFirst();
        if (foreign.isPresent()) {
            throw UserError.usage(
                    "blobs (%s) hold states of run (%s), which is not in the event log. Maybe they belong to other brokers or another kafka.prefix, whose blobs would be lost; or the run is so old that its events expired, then --forget-unknown?"
                            .formatted(wires.blobs(), foreign.get().run()));
        }
    }

    private boolean isForgotten(BlobName name, CheckpointRetention retention) {
        return StateName.of(name)
                .filter(state -> retention.runs().contains(state.run())
                        ? !settings.keepStates() && retention.isCompleted(state.run(), state.task())
                        : forgetUnknown)
                .isPresent();
    }
}
