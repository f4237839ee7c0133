package dev.zooflow.manifold;

/** Axis arguments of reductions. */
final class Axes {

    /** The coordinates of one point. */
    static final int[] LAST = {-1};

    private Axes() {}
}
