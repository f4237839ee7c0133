package dev.zooflow.experiment;

import dev.zooflow.graph.Architecture;
import java.time.Duration;
import java.util.List;

/**
 * Roughly how long the stages of an experiment take on two processor cores: their {@link Operations} by a rate.
 *
 * @param zoo training of all base networks
 * @param flows training of each flow, in their order
 * @param sampling generation of the final networks of all flows, with guidance and refinement
 * @param evaluation refinement rows and likelihoods
 * @param transfer to the other task: networks guided to it, networks trained for it, learning curves
 */
record CostEstimate(Duration zoo, List<Duration> flows, Duration sampling, Duration evaluation, Duration transfer) {

    // Measured on two cores of an AMD EPYC with AVX-512: small batched products, and the transformer's large ones.
    private static final double ZOO_FLOPS = 8e9;
    private static final double FLOW_FLOPS = 5e10;

    static CostEstimate of(ExperimentSpec spec, Architecture architecture, int examples) {
        Operations operations = new Operations(architecture);
        ZooSpec zoo = spec.zoo();
        int trajectories = zoo.kind() == ZooSpec.Kind.TRAINED ? zoo.trajectories() : 0;
        double passes = (double) zoo.epochs() * trajectories * training(spec.task(), examples);
        // Of trials that are still to be proposed nobody knows more than of those that are.
        double more = (double) StorageEstimate.trials(spec) / spec.flows().size();
        return new CostEstimate(
                zooTime(operations.gradients(passes)),
                spec.flows().stream()
                        .map(f -> times(training(f, operations), more))
                        .toList(),
                times(sampling(spec, operations), more),
                evaluation(spec, operations),
                spec.transfer().map(t -> transfer(spec, t, operations)).orElse(Duration.ZERO));
    }

    /** The sum of all stages, as if they ran one after the other. */
    Duration total() {
        return flows.stream().reduce(zoo.plus(sampling).plus(evaluation).plus(transfer), Duration::plus);
    }

    private static double training(TaskSpec task, int examples) {
        return examples * (1 - task.validationFraction() - task.testFraction());
    }

    private static Duration training(FlowSpec flow, Operations operations) {
        TrainingSpec training = flow.training();
        if (training.steps() == 0) {
            return training.time();
        }
        Duration bySteps = flowTime(operations.step(flow) * training.steps());
        return training.time().isZero() || bySteps.compareTo(training.time()) < 0 ? bySteps : training.time();
    }

    private static Duration sampling(ExperimentSpec spec, Operations operations) {
        double integration = 0;
        double gradients = 0;
        for (FlowSpec flow : spec.flows()) {
            for (SamplingSpec sampling : spec.allSamplings(flow)) {
                double networks = sampling.networks();
                gradients += operations.gradients(sampling, networks);
                integration += operations.integration(flow, sampling, networks);
            }
        }
        return flowTime(integration).plus(zooTime(gradients));
    }

    // Random networks, soups and the networks of each flow take k steps for each k.
    private static Duration evaluation(ExperimentSpec spec, Operations operations) {
        EvaluationSpec evaluation = spec.evaluation();
        double networks = 2.0 * evaluation.networks()
                + (double) spec.flows().size() * spec.sampling().networks();
        double steps = evaluation.refinement().stream().mapToInt(k -> k).sum();
        double sides = 2.0 * evaluation.likelihood().networks();
        double densities = spec.flows().stream()
                .mapToDouble(flow -> operations.likelihood(flow, evaluation.likelihood(), sides))
                .sum();
        return zooTime(operations.gradients(
                        steps * networks * spec.sampling().refine().batchSize()))
                .plus(flowTime(densities));
    }

    // Each flow's networks are integrated twice, with and without guidance.
    private static Duration transfer(ExperimentSpec spec, TransferSpec transfer, Operations operations) {
        double integration = spec.flows().stream()
                .mapToDouble(flow -> operations.integration(flow, spec.sampling(flow), 2 * transfer.networks()))
                .sum();
        double gradients = spec.flows().stream()
                .mapToDouble(flow -> operations.gradients(spec.transferSampling(flow), transfer.networks()))
                .sum();
        double epochs = (double) transfer.epochs() * transfer.networks()
                + (spec.flows().size() + 1.0)
                        * transfer.initialisation().epochs()
                        * transfer.initialisation().runs();
        double examples = TaskShape.of(transfer.task())
                .map(shape -> training(transfer.task(), shape.examples()))
                .orElse(0.0);
        return flowTime(integration).plus(zooTime(gradients + operations.gradients(epochs * examples)));
    }

    private static Duration times(Duration duration, double factor) {
        return Duration.ofMillis(Math.round(duration.toMillis() * factor));
    }

    private static Duration zooTime(double operations) {
        return seconds(operations / ZOO_FLOPS);
    }

    private static Duration flowTime(double operations) {
        return seconds(operations / FLOW_FLOPS);
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis(Math.round(seconds * 1000));
    }
}
