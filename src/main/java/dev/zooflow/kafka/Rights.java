package dev.zooflow.kafka;

import dev.zooflow.experiment.UserError;
import dev.zooflow.message.Groups;
import dev.zooflow.message.Role;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeShareGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ShareGroupDescription;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.apache.kafka.common.errors.TopicAuthorizationException;

/** What we may not do in a cluster whose brokers ask who does it, though we must. Looks only. */
final class Rights {

    private static final Set<AclOperation> ON_TOPICS =
            EnumSet.of(AclOperation.READ, AclOperation.WRITE, AclOperation.DESCRIBE, AclOperation.DESCRIBE_CONFIGS);
    private static final Set<AclOperation> ON_GROUPS = EnumSet.of(AclOperation.READ, AclOperation.DESCRIBE);
    private static final Set<AclOperation> ON_SHARE_GROUPS = EnumSet.of(
            AclOperation.READ, AclOperation.DESCRIBE, AclOperation.DESCRIBE_CONFIGS, AclOperation.ALTER_CONFIGS);

    private final Admin admin;
    private final TopicLayout layout;

    /** What is missing, with the resources that it is missing on. */
    private final Map<String, List<String>> missing = new TreeMap<>();

    Rights(Admin admin, TopicLayout layout) {
        this.admin = admin;
        this.layout = layout;
    }

    Checkup.Finding finding() {
        try {
            if (!authorizes()) {
                return new Checkup.Finding(
                        "rights", true, "the cluster has no authorizer: everybody may do everything");
            }
            topics();
            groups();
        } catch (ExecutionException | TimeoutException e) {
            return new Checkup.Finding("rights", false, "can't be looked at: " + e.getMessage());
        }
        String text = missing.entrySet().stream()
                .map(e -> e.getKey() + " on " + String.join(", ", e.getValue()))
                .collect(Collectors.joining("; "));
        return missing.isEmpty()
                ? new Checkup.Finding("rights", true, "all that is needed on topics and groups that are there")
                : new Checkup.Finding(
                        "rights", false, "missing: " + text + ". Maybe kafka-acls.sh --add, see the README?");
    }

    /** Brokers without an authorizer allow all; to be told that there is none, one must be allowed to ask. */
    private boolean authorizes() throws ExecutionException, TimeoutException {
        Set<AclOperation> granted =
                get(admin.describeCluster(new DescribeClusterOptions().includeAuthorizedOperations(true))
                        .authorizedOperations());
        if (!granted.contains(AclOperation.DESCRIBE)) {
            return true;
        }
        Optional<Throwable> refusal =
                refusal(admin.describeAcls(AclBindingFilter.ANY).values());
        return refusal.filter(SecurityDisabledException.class::isInstance).isEmpty();
    }

    private void topics() throws ExecutionException, TimeoutException {
        Set<String> present = get(admin.listTopics().names());
        Map<String, NewTopic> wanted = new LinkedHashMap<>();
        layout.all(1, false).forEach(topic -> wanted.put(topic.name(), topic));
        Map<String, KafkaFuture<TopicDescription>> found = admin.describeTopics(
                        wanted.keySet(), new DescribeTopicsOptions().includeAuthorizedOperations(true))
                .topicNameValues();
        for (Map.Entry<String, KafkaFuture<TopicDescription>> topic : found.entrySet()) {
            Optional<Throwable> refusal = refusal(topic.getValue());
            if (refusal.isEmpty()) {
                compare(
                        "topic " + topic.getKey(),
                        ON_TOPICS,
                        get(topic.getValue()).authorizedOperations());
            } else if (refusal.get() instanceof TopicAuthorizationException) {
                compare("topic " + topic.getKey(), ON_TOPICS, Set.of());
            }
        }
        creation(wanted.values().stream()
                .filter(t -> !present.contains(t.name()))
                .toList());
    }

    private void creation(List<NewTopic> absent) throws ExecutionException, TimeoutException {
        Map<String, KafkaFuture<Void>> trial = admin.createTopics(absent, new CreateTopicsOptions().validateOnly(true))
                .values();
        for (Map.Entry<String, KafkaFuture<Void>> topic : trial.entrySet()) {
            if (refusal(topic.getValue())
                    .filter(AuthorizationException.class::isInstance)
                    .isPresent()) {
                miss(AclOperation.CREATE, "topic " + topic.getKey());
            }
        }
    }

    private void groups() throws ExecutionException, TimeoutException {
        List<String> shared = Arrays.stream(Role.values()).map(layout::group).toList();
        look(
                admin.describeShareGroups(shared, new DescribeShareGroupsOptions().includeAuthorizedOperations(true))
                        .describedGroups(),
                ON_SHARE_GROUPS,
                ShareGroupDescription::authorizedOperations);
        List<String> divided = List.of(layout.group(Groups.COORDINATORS), layout.group(Groups.NOTIFIERS));
        look(
                admin.describeConsumerGroups(
                                divided, new DescribeConsumerGroupsOptions().includeAuthorizedOperations(true))
                        .describedGroups(),
                ON_GROUPS,
                ConsumerGroupDescription::authorizedOperations);
    }

    /** Of a group that nobody has joined yet, brokers tell nothing but whether it may be described. */
    private <D> void look(
            Map<String, KafkaFuture<D>> groups, Set<AclOperation> needed, Function<D, Set<AclOperation>> granted)
            throws ExecutionException, TimeoutException {
        for (Map.Entry<String, KafkaFuture<D>> group : groups.entrySet()) {
            Optional<Throwable> refusal = refusal(group.getValue());
            if (refusal.isEmpty()) {
                compare("group " + group.getKey(), needed, granted.apply(get(group.getValue())));
            } else if (refusal.get() instanceof GroupAuthorizationException) {
                compare("group " + group.getKey(), needed, Set.of());
            }
        }
    }

    private void compare(String resource, Set<AclOperation> needed, Set<AclOperation> granted) {
        needed.stream().filter(o -> !granted.contains(o)).forEach(o -> miss(o, resource));
    }

    private void miss(AclOperation operation, String resource) {
        missing.computeIfAbsent(operation.name(), o -> new ArrayList<>()).add(resource);
    }

    /** Why something is refused; what has other reasons than rights and absence fails. */
    private static Optional<Throwable> refusal(KafkaFuture<?> answer) throws TimeoutException {
        try {
            get(answer);
            return Optional.empty();
        } catch (ExecutionException e) {
            return Optional.of(e.getCause());
        }
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
