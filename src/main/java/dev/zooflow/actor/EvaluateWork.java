package dev.zooflow.actor;

import dev.zooflow.eval.Barriers;
import dev.zooflow.eval.Evaluator;
import dev.zooflow.eval.GroupScore;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.RunId;
import dev.zooflow.message.BlobStore;
import dev.zooflow.message.Event;
import dev.zooflow.message.Event.GeneratedNetworks;
import dev.zooflow.message.Event.Score;
import dev.zooflow.message.EventLog;
import dev.zooflow.message.Role;
import dev.zooflow.message.Task;
import dev.zooflow.message.Task.EvaluateGenerated;
import dev.zooflow.message.Topic;
import java.io.IOException;
import java.util.Optional;

/**
 * Scores generated networks, the baselines beside them and the likelihood of trained networks. Keeps the evaluator of the
 * latest run.
 */
public final class EvaluateWork implements RoleWork {

    private final TaskData data;
    private final RunZoos zoos;
    private final EventLog log;
    private final FlowLikelihoods likelihoods;
    private final Recent<RunId, Evaluator> evaluators = new Recent<>(1, Evaluator::close);

    /** Takes zoos and checkpoints from there and networks from the log. */
    public EvaluateWork(TaskData data, RunZoos zoos, EventLog log, BlobStore blobs) {
        this.data = data;
        this.zoos = zoos;
        this.log = log;
        this.likelihoods = new FlowLikelihoods(data, zoos, blobs);
    }

    @Override
    public Role role() {
        return Role.EVALUATOR;
    }

    @Override
    public void perform(Task task, WorkContext context) throws IOException {
        ExperimentSpec spec = data.experiment(task);
        if (task instanceof EvaluateGenerated generated) {
            score(generated, networks(generated), evaluator(task, spec), context);
        } else if (task instanceof Task.EvaluateBaselines) {
            context.publish(new Event.RunIngredients(task.run(), data.ingredients(spec)));
            baselines(task, evaluator(task, spec), context);
        } else if (task instanceof Task.EvaluateLikelihood likelihood) {
            context.publish(likelihoods.of(likelihood, spec));
        } else {
            throw new UnprocessableTaskException("task (%s) is none of an evaluator".formatted(task.id()));
        }
    }

    private Evaluator evaluator(Task task, ExperimentSpec spec) {
        return evaluators.get(task.run(), () -> new Evaluator(spec, data.dataset(spec), zoos.of(task.run(), spec)));
    }

    private GeneratedNetworks networks(EvaluateGenerated task) {
        boolean rightTopic = task.networks().topic() == Topic.WEIGHTS_GENERATED;
        return (rightTopic ? log.fetch(task.networks()) : Optional.<Event>empty())
                .filter(GeneratedNetworks.class::isInstance)
                .map(GeneratedNetworks.class::cast)
                .filter(g -> g.run().equals(task.run()) && g.flow().equals(task.flow()))
                .filter(g -> g.variant().equals(task.variant()))
                .orElseThrow(
                        () -> new UnprocessableTaskException("networks of flow (%s) are not at %s. Maybe they expired?"
                                .formatted(task.flow(), task.networks())));
    }

    private static void score(
            EvaluateGenerated task, GeneratedNetworks generated, Evaluator evaluator, WorkContext context) {
        String group = Score.groupOf(task.flow(), task.variant());
        int gradientSteps = generated.gradientSteps();
        publish(task, evaluator.generated(group, generated.networks(), gradientSteps), context);
        if (task.last() && task.variant().isEmpty()) {
            evaluator
                    .refined(group, generated.networks(), gradientSteps)
                    .forEach(score -> publish(task, score, context));
        }
    }

    private static void publish(EvaluateGenerated task, GroupScore score, WorkContext context) {
        context.publish(new Score(
                task.run(),
                score.group(),
                task.checkpoint(),
                task.step(),
                task.seconds(),
                task.last(),
                score.n(),
                score.values(),
                score.series()));
    }

    private static void baselines(Task task, Evaluator evaluator, WorkContext context) {
        for (GroupScore s : evaluator.baselines()) {
            context.checkCancelled();
            context.publish(new Score(task.run(), s.group(), 0, 0, 0, true, s.n(), s.values(), s.series()));
        }
        for (Barriers b : evaluator.barriers()) {
            context.publish(new Event.LossBarriers(task.run(), b.variant(), b.mean(), b.std(), b.barrier()));
        }
    }

    @Override
    public void close() {
        evaluators.close();
    }
}
