package dev.zooflow.kafka;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.zooflow.message.Message;
import dev.zooflow.message.MessageTypes;
import dev.zooflow.message.Role;
import dev.zooflow.message.Task;
import dev.zooflow.message.Topic;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Who sends and who receives what, as the code has it: a class that makes a message sends it, one that names a topic of events
 * reads it, and each belongs to somebody. A class that does either and belongs to nobody is an error.
 */
final class Participants {

    static final String COORDINATOR = "coordinator";
    static final String COMMAND_LINE = "command-line";

    private static final String ROOT = "dev.zooflow.";
    /** These define messages and carry them, count them, or copy them for readers of their own. */
    private static final Set<String> NOBODY =
            Set.of("message", "kafka", "health", "report", "app.NetworkStream", "app.TrivialTasks");

    private static final Map<String, Set<String>> WHO = new HashMap<>();

    static {
        String zooProducer = Role.ZOO_PRODUCER.id();
        String trainer = Role.TRAINER.id();
        String sampler = Role.SAMPLER.id();
        String evaluator = Role.EVALUATOR.id();
        Set<String> workers = Set.of(zooProducer, trainer, sampler, evaluator);
        who(Set.of(zooProducer), "actor.ZooWork");
        who(Set.of(trainer), "actor.TrainWork");
        who(Set.of(sampler), "actor.SampleWork");
        who(Set.of(evaluator), "actor.EvaluateWork", "actor.FlowLikelihoods");
        who(Set.of(zooProducer, sampler), "actor.Transfer");
        who(Set.of(zooProducer, trainer), "actor.MetricThrottle");
        who(Set.of(trainer, evaluator, COMMAND_LINE), "actor.RunZoos");
        who(workers, "actor.TaskRun", "actor.Settlement", "actor.Heart", "actor.Node");
        who(
                Set.of(COORDINATOR),
                "actor.Coordinator",
                "actor.Planner",
                "actor.SweepPlanner",
                "actor.SweepState",
                "notify",
                "mlflow");
        who(Set.of(COMMAND_LINE), "actor.Extension", "actor.CheckpointRetention", "app");
    }

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.zooflow");

    private Participants() {}

    private static void who(Set<String> participants, String... classes) {
        Arrays.stream(classes).forEach(c -> WHO.put(c, participants));
    }

    /** Names of messages by the participant that sends them. */
    static Map<String, Set<String>> senders() {
        Map<String, Set<String>> senders = new TreeMap<>();
        MessageTypes.all()
                .forEach((name, type) -> CLASSES.get(type).getConstructorCallsToSelf().stream()
                        .filter(call -> !copiesForReaders(call, type))
                        .forEach(call -> who(call.getOriginOwner())
                                .forEach(p -> senders.computeIfAbsent(p, x -> new TreeSet<>())
                                        .add(name))));
        return senders;
    }

    // `run` shows the zoo of another run as that of its own, and `extend` asks for the states of the trainings it goes
    // on from.
    private static boolean copiesForReaders(JavaAccess<?> call, Class<? extends Message> type) {
        String method = call.getOrigin().getFullName();
        boolean zooOfAnother = method.startsWith(ROOT + "app.LiveRun.") && method.contains("zoo");
        boolean statesOfAnother = method.startsWith(ROOT + "actor.Extension") && Task.class.isAssignableFrom(type);
        return zooOfAnother || statesOfAnother;
    }

    /** Topics by the participant that reads them; queues by their role. */
    static Map<String, Set<Topic>> receivers() {
        Map<String, Set<Topic>> receivers = new TreeMap<>();
        for (Role role : Role.values()) {
            add(receivers, role.id(), Topic.tasksOf(role));
        }
        CLASSES.get(Topic.class).getFieldAccessesToSelf().stream()
                .filter(access -> Arrays.stream(Topic.values())
                        .anyMatch(t -> t.name().equals(access.getTarget().getName())))
                .forEach(access -> who(access.getOriginOwner())
                        .forEach(p -> add(
                                receivers, p, Topic.valueOf(access.getTarget().getName()))));
        return receivers;
    }

    private static void add(Map<String, Set<Topic>> receivers, String participant, Topic topic) {
        receivers.computeIfAbsent(participant, x -> new TreeSet<>()).add(topic);
    }

    private static Set<String> who(JavaClass owner) {
        String name = owner.getName().substring(ROOT.length()).replaceFirst("\\$.*", "");
        Predicate<String> in = place -> name.equals(place) || name.startsWith(place + ".");
        if (NOBODY.stream().anyMatch(in)) {
            return Set.of();
        }
        return WHO.keySet().stream()
                .filter(in)
                .findFirst()
                .map(WHO::get)
                .orElseThrow(() -> new AssertionError(
                        name + " sends a message or reads a topic and belongs to no participant; say to which"));
    }
}
