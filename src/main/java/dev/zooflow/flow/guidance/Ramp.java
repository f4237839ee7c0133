package dev.zooflow.flow.guidance;

/** Courses of the strength of guidance. */
public enum Ramp {
    /** 1. */
    CONSTANT {
        @Override
        double factor(double s, double t) {
            return 1;
        }
    },
    /** s. */
    LINEAR {
        @Override
        double factor(double s, double t) {
            return s;
        }
    },
    /** (1 − cos πs) / 2. */
    COSINE {
        @Override
        double factor(double s, double t) {
            return (1 - Math.cos(Math.PI * s)) / 2;
        }
    },
    /** 1 / (1 − t): moves the end point that the velocity leads to by λ g at every time. */
    END_POINT {
        @Override
        double factor(double s, double t) {
            return 1 / (1 - t);
        }
    };

    /**
     * The share of the largest strength.
     *
     * @param s share of the window that has passed, in [0, 1]
     * @param t time in [0, 1)
     */
    abstract double factor(double s, double t);
}
