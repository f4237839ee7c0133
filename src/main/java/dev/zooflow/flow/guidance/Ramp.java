package dev.zooflow.flow.guidance;

/** Courses of the strength of guidance. */
public enum Ramp {
    /** 1. */
    CONSTANT {
        @Override
        double factor(double s) {
            return 1;
        }
    },
    /** s. */
    LINEAR {
        @Override
        double factor(double s) {
            return s;
        }
    },
    /** (1 − cos πs) / 2. */
    COSINE {
        @Override
        double factor(double s) {
            return (1 - Math.cos(Math.PI * s)) / 2;
        }
    };

    /**
     * The share of the largest strength.
     *
     * @param s share of the window that has passed, in [0, 1]
     */
    abstract double factor(double s);
}
