package dev.zooflow.flow;

import dev.zooflow.flow.path.AffineProbPath;
import dev.zooflow.flow.path.GeodesicProbPath;
import dev.zooflow.flow.path.ProbPath;
import dev.zooflow.manifold.Manifold;

/**
 * The geometry of a flow: along what its paths run, and where its points end.
 *
 * <p>The Euclidean flow has a flat space for both, the Geometric flow the product of spheres for both, the Normalized flow
 * runs along straight lines between points of the product of spheres.
 *
 * @param path manifold of the paths and of integration
 * @param points manifold of the data, to which predictions and samples are projected
 * @param probPath conditional path on {@code path}
 */
public record FlowSpace(Manifold path, Manifold points, ProbPath probPath) {

    /** Straight paths with noise σ, predictions projected to {@code points}. */
    public static FlowSpace straight(Manifold flat, Manifold points, double sigma) {
        return new FlowSpace(flat, points, new AffineProbPath(sigma));
    }

    /** Geodesic paths. */
    public static FlowSpace geodesic(Manifold manifold) {
        return new FlowSpace(manifold, manifold, new GeodesicProbPath(manifold));
    }
}
