package dev.zooflow.model;

import dev.zooflow.experiment.SamplingSpec;
import dev.zooflow.flow.solver.ButcherTableau;

/** The methods that a specification names. */
final class Solvers {

    private Solvers() {}

    static ButcherTableau tableau(SamplingSpec.Solver solver) {
        return switch (solver) {
            case EULER -> ButcherTableau.EULER;
            case MIDPOINT -> ButcherTableau.MIDPOINT;
            case HEUN -> ButcherTableau.HEUN;
            case RK4 -> ButcherTableau.RK4;
            case DOPRI5 -> ButcherTableau.DORMAND_PRINCE;
        };
    }
}
