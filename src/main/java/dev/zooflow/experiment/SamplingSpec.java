package dev.zooflow.experiment;

import java.util.List;

/**
 * How networks are generated.
 *
 * @param name of the variant; empty for {@code sampling} itself
 * @param hidden widths of the hidden layers of generated networks; empty for those of the zoo
 * @param networks from each flow's final checkpoint
 * @param checkpointNetworks from each earlier checkpoint
 * @param solver of the ordinary differential equation
 * @param steps of integration from t = 0 to t = 1; {@link Solver#DOPRI5} chooses its own
 * @param rtol relative tolerance of a step of {@link Solver#DOPRI5}
 * @param atol absolute tolerance of such a step in units of a coordinate's root mean square
 * @param truncation in (0, 1]: factor on a predicted end point's deviation from the reference; 1 draws from the learned
 *     distribution, less trades diversity for accuracy
 * @param noise standard deviation, relative to the source, added before a step; 0 is deterministic
 * @param noiseFrom time from which noise is added, in [0, 1]
 * @param guidance by the gradient of the zoo's task
 * @param refine gradient steps on the generated networks
 */
public record SamplingSpec(
        String name,
        List<Integer> hidden,
        int networks,
        int checkpointNetworks,
        Solver solver,
        int steps,
        double rtol,
        double atol,
        double truncation,
        double noise,
        double noiseFrom,
        GuidanceSpec guidance,
        RefineSpec refine) {

    /** The same with other guidance and refinement. */
    public SamplingSpec with(GuidanceSpec guidance, RefineSpec refine) {
        return new SamplingSpec(
                name,
                hidden,
                networks,
                checkpointNetworks,
                solver,
                steps,
                rtol,
                atol,
                truncation,
                noise,
                noiseFrom,
                guidance,
                refine);
    }

    /** Copies the list. */
    public SamplingSpec {
        hidden = List.copyOf(hidden);
    }

    /** Integrators. */
    public enum Solver {
        EULER(1),
        MIDPOINT(2),
        HEUN(2),
        RK4(4),
        /** Dormand and Prince's, with steps of its own. */
        DOPRI5(6);

        private final int stages;

        Solver(int stages) {
            this.stages = stages;
        }

        /** Evaluations of the field in a step. */
        public int stages() {
            return stages;
        }

        /** Whether it chooses its steps. */
        public boolean isAdaptive() {
            return this == DOPRI5;
        }
    }
}
