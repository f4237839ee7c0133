package dev.zooflow.manifold;

import ai.djl.ndarray.NDArray;
import dev.zooflow.tensor.Autograd;

/** Flat space R^dim: every vector is a point and every vector is tangent. There are no singular points. */
public final class Euclidean implements Manifold {

    @Override
    public NDArray expmap(NDArray x, NDArray u) {
        return x.add(u);
    }

    @Override
    public NDArray logmap(NDArray x, NDArray y) {
        return y.sub(x);
    }

    @Override
    public NDArray ambientLogmap(NDArray x, NDArray y) {
        return y.sub(x);
    }

    /** ‖x − y‖; its gradient at x = y is 0. */
    @Override
    public NDArray dist(NDArray x, NDArray y) {
        return x.sub(y).norm(Axes.LAST, false);
    }

    @Override
    public NDArray squaredDist(NDArray x, NDArray y) {
        return x.sub(y).square().sum(Axes.LAST);
    }

    @Override
    public NDArray pairwiseSquaredDist(NDArray x, NDArray y) {
        NDArray flatX = x.reshape(x.getShape().get(0), -1);
        NDArray flatY = y.reshape(y.getShape().get(0), -1);
        NDArray cross = Autograd.scale(flatX.matMul(flatY.transpose()), -2);
        NDArray normX = flatX.square().sum(Axes.LAST, true);
        NDArray normY = flatY.square().sum(Axes.LAST, true).transpose();
        return cross.add(normX).add(normY);
    }

    @Override
    public NDArray projx(NDArray x) {
        return x;
    }

    @Override
    public NDArray proju(NDArray x, NDArray u) {
        return u;
    }

    @Override
    public NDArray transp(NDArray x, NDArray y, NDArray u) {
        return u;
    }

    @Override
    public NDArray dexpInverse(NDArray x, NDArray u, NDArray v) {
        return v;
    }
}
