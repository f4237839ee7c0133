package dev.zooflow.flow;

import dev.zooflow.flow.path.AffineProbPath;
import dev.zooflow.flow.path.GeodesicProbPath;
import dev.zooflow.flow.path.ProbPath;
import dev.zooflow.manifold.Euclidean;
import dev.zooflow.manifold.Manifold;

/**
 * The geometry of a flow: along what its paths run, where its points end, and what constrains a predicted end point.
 *
 * @param path manifold of the paths and of integration
 * @param points manifold of the data, to which samples are projected
 * @param prediction manifold to which a predicted end point is projected
 * @param probPath conditional path on {@code path}
 */
public record FlowSpace(Manifold path, Manifold points, Manifold prediction, ProbPath probPath) {

    /** The Euclidean flow: straight paths with noise σ, nothing projected. */
    public static FlowSpace euclidean(double sigma) {
        Euclidean flat = new Euclidean();
        return new FlowSpace(flat, flat, flat, new AffineProbPath(sigma));
    }

    /** The Normalized flow: straight paths with noise σ between points of a manifold, predictions projected to it. */
    public static FlowSpace normalized(Manifold points, double sigma) {
        return new FlowSpace(new Euclidean(), points, points, new AffineProbPath(sigma));
    }

    /**
     * The Geometric flow: geodesic paths. A predicted end point keeps its length: it is an average over possible end
     * points, the shorter the less certain, and projecting it would make every step overshoot.
     */
    public static FlowSpace geodesic(Manifold manifold) {
        return new FlowSpace(manifold, manifold, new Euclidean(), new GeodesicProbPath(manifold));
    }
}
