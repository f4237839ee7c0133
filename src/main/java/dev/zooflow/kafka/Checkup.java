package dev.zooflow.kafka;

import dev.zooflow.experiment.UserError;
import dev.zooflow.message.Role;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.FeatureMetadata;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;

/** Whether a Kafka cluster is as we need it. Looks only; {@link Topics#prepare} makes what is missing. */
public final class Checkup {

    /**
     * What was looked at.
     *
     * @param name a word or two
     * @param good whether it is as it should be
     * @param text what was found, and the remedy where it is not good
     */
    public record Finding(String name, boolean good, String text) {}

    private final KafkaSettings settings;
    private final TopicLayout layout;
    private final Admin admin;
    private final List<Finding> findings = new ArrayList<>();

    private Checkup(KafkaSettings settings, Admin admin) {
        this.settings = settings;
        this.layout = new TopicLayout(settings.prefix());
        this.admin = admin;
    }

    /** Looks at brokers, topics, share groups, lag and what we may do there; what can't be looked at is a finding too. */
    public static List<Finding> of(KafkaSettings settings) {
        try (Admin admin = new KafkaClients(settings).admin()) {
            Checkup checkup = new Checkup(settings, admin);
            if (checkup.brokers()) {
                boolean complete = checkup.topics();
                checkup.groups();
                if (complete) {
                    checkup.lag();
                }
                checkup.findings.add(new Rights(admin, checkup.layout).finding());
            }
            return List.copyOf(checkup.findings);
        } catch (UserError e) {
            return List.of(new Finding("brokers", false, e.getMessage()));
        }
    }

    private boolean brokers() {
        try {
            int brokers = get(admin.describeCluster().nodes()).size();
            FeatureMetadata features = get(admin.describeFeatures().featureMetadata());
            var metadata = features.supportedFeatures().get("metadata.version");
            var share = features.finalizedFeatures().get("share.version");
            Topics.requireShareGroups(
                    settings.bootstrapServers(),
                    metadata == null ? 0 : metadata.maxVersion(),
                    share == null ? 0 : share.maxVersionLevel());
            String found = "%d at %s, with share groups".formatted(brokers, settings.bootstrapServers());
            findings.add(new Finding("brokers", true, found));
            return true;
        } catch (UserError e) {
            findings.add(new Finding("brokers", false, e.getMessage()));
            return false;
        } catch (ExecutionException | TimeoutException e) {
            findings.add(new Finding(
                    "brokers",
                    false,
                    "bootstrap-servers (%s) can't be reached: %s. Maybe no broker runs there, or it wants other security settings?"
                            .formatted(settings.bootstrapServers(), e.getMessage())));
            return false;
        }
    }

    /** Whether all are there. */
    private boolean topics() {
        try {
            var present = new TreeSet<>(get(admin.listTopics().names()));
            List<NewTopic> wanted = layout.all(1, false);
            List<String> missing = wanted.stream()
                    .map(NewTopic::name)
                    .filter(name -> !present.contains(name))
                    .toList();
            add(
                    "topics",
                    missing,
                    "%d with prefix %s".formatted(wanted.size(), settings.prefix()),
                    "are missing. Maybe a first `worker` makes them?");
            settingsOf(wanted.stream().filter(t -> present.contains(t.name())).toList());
            return missing.isEmpty();
        } catch (ExecutionException | TimeoutException e) {
            findings.add(new Finding("topics", false, "can't be listed: " + e.getMessage()));
            return false;
        }
    }

    private void settingsOf(List<NewTopic> wanted) throws ExecutionException, TimeoutException {
        List<ConfigResource> resources = wanted.stream()
                .map(t -> new ConfigResource(ConfigResource.Type.TOPIC, t.name()))
                .toList();
        Map<ConfigResource, Config> found = get(admin.describeConfigs(resources).all());
        List<String> wrong = new ArrayList<>();
        for (NewTopic topic : wanted) {
            Config config = found.get(new ConfigResource(ConfigResource.Type.TOPIC, topic.name()));
            for (String key : List.of("cleanup.policy", "max.message.bytes")) {
                String value = config.get(key) == null ? "" : config.get(key).value();
                if (!sorted(value).equals(sorted(topic.configs().get(key)))) {
                    wrong.add("%s %s = %s instead of %s"
                            .formatted(topic.name(), key, value, topic.configs().get(key)));
                }
            }
        }
        add("topic settings", wrong, "as they should be", "is not as it should be. Maybe kafka-configs.sh --alter?");
    }

    private static List<String> sorted(String commas) {
        return Arrays.stream(commas.split(",", -1)).map(String::strip).sorted().toList();
    }

    private void groups() {
        List<ConfigResource> groups = Arrays.stream(Role.values())
                .map(role -> new ConfigResource(ConfigResource.Type.GROUP, layout.group(role)))
                .toList();
        try {
            Map<ConfigResource, Config> found =
                    get(admin.describeConfigs(groups).all());
            List<String> wrong = groups.stream()
                    .filter(g -> !"earliest".equals(value(found.get(g), "share.auto.offset.reset")))
                    .map(ConfigResource::name)
                    .toList();
            add(
                    "groups",
                    wrong,
                    "%d, from the earliest task on".formatted(groups.size()),
                    "would miss tasks queued before them. Maybe a first `worker` sets them?");
            if (wrong.isEmpty()) {
                deliveries(found.values());
            }
        } catch (ExecutionException | TimeoutException e) {
            findings.add(new Finding("groups", false, "can't be read: " + e.getMessage()));
        }
    }

    /** Each worker sets all groups as it has them itself. */
    private void deliveries(Collection<Config> groups) {
        String found = groups.stream()
                .map(group -> "%s deliveries of a task at most, locks of %s ms"
                        .formatted(value(group, Topics.DELIVERIES), value(group, Topics.LOCK_DURATION)))
                .distinct()
                .collect(Collectors.joining("; "));
        findings.add(new Finding("deliveries", true, found));
    }

    private static String value(Config config, String key) {
        ConfigEntry entry = config.get(key);
        return entry == null ? "" : entry.value();
    }

    /** However much waits, nothing is wrong with the cluster. */
    private void lag() {
        try (Cluster cluster = new Cluster(settings)) {
            String waiting = cluster.lag().entrySet().stream()
                    .map(e -> "%s %d".formatted(e.getKey().id(), e.getValue()))
                    .collect(Collectors.joining(", "));
            findings.add(new Finding("lag", true, "tasks of each role that wait or are in hand: " + waiting));
        } catch (UserError e) {
            findings.add(new Finding("lag", false, "can't be read: " + e.getMessage()));
        }
    }

    private void add(String name, List<String> wrong, String fine, String bad) {
        String list = wrong.stream().limit(5).collect(Collectors.joining(", "));
        findings.add(new Finding(name, wrong.isEmpty(), wrong.isEmpty() ? fine : list + " " + bad));
    }

    private static <T> T get(KafkaFuture<T> future) throws ExecutionException, TimeoutException {
        try {
            return future.get(KafkaClients.PATIENCE_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw UserError.infrastructure("interrupted", e);
        }
    }
}
