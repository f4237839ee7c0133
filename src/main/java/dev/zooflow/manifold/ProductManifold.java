package dev.zooflow.manifold;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;

/**
 * A product of manifolds over flat points: each factor holds a number of equal copies that stand one after the other.
 *
 * <p>Legend: D coordinates of a flat point, K copies of all factors together. Every operation acts on all copies of a
 * factor at once; exp, log and projections act on each copy for itself, the squared distance is the sum over all copies
 * and so is the inner product. Singular points are those of the factors.
 */
public final class ProductManifold implements Manifold {

    private final List<Factor> factors;
    private final int size;
    private final long[] boundaries;

    /**
     * {@code count} copies of one manifold.
     *
     * @param manifold of each copy
     * @param offset where the first copy begins in the flat point
     * @param count number of copies, at least 1
     * @param dim coordinates of one copy, at least 1
     */
    public record Factor(Manifold manifold, int offset, int count, int dim) {

        /** Where the last copy ends. */
        public int end() {
            return offset + count * dim;
        }

        private NDArray unfold(NDArray part) {
            return count == 1 ? part : part.reshape(replaceLast(part.getShape(), count, dim));
        }

        private NDArray fold(NDArray copies) {
            Shape shape = copies.getShape();
            return count == 1
                    ? copies
                    : copies.reshape(replaceLast(shape.slice(0, shape.dimension() - 1), (long) count * dim));
        }

        // One value per copy, as the last axis.
        private NDArray valuesOf(NDArray reduced) {
            return count == 1 ? reduced.expandDims(-1) : reduced;
        }

        private static Shape replaceLast(Shape shape, long... last) {
            return shape.slice(0, shape.dimension() - 1).addAll(new Shape(last));
        }
    }

    @FunctionalInterface
    private interface Operation {
        NDArray apply(Manifold manifold, NDArray[] arguments);
    }

    /**
     * The product of these factors.
     *
     * @throws IllegalArgumentException unless the factors tile [0, D) in order
     */
    public ProductManifold(List<Factor> factors) {
        int end = 0;
        for (Factor factor : factors) {
            if (factor.offset() != end || factor.count() < 1 || factor.dim() < 1) {
                throw new IllegalArgumentException(
                        "factor (%s) must begin at %d and hold coordinates. Maybe a gap between two factors?"
                                .formatted(factor, end));
            }
            end = factor.end();
        }
        if (end == 0) {
            throw new IllegalArgumentException("factors ([]) are empty. Maybe use Euclidean?");
        }
        this.factors = List.copyOf(factors);
        this.size = end;
        this.boundaries = factors.stream().skip(1).mapToLong(Factor::offset).toArray();
    }

    /** The factors, in the order of their coordinates. */
    public List<Factor> factors() {
        return factors;
    }

    /** D. */
    public int size() {
        return size;
    }

    @Override
    public NDArray expmap(NDArray x, NDArray u) {
        return pointwise((m, a) -> m.expmap(a[0], a[1]), x, u);
    }

    @Override
    public NDArray logmap(NDArray x, NDArray y) {
        return pointwise((m, a) -> m.logmap(a[0], a[1]), x, y);
    }

    @Override
    public NDArray ambientLogmap(NDArray x, NDArray y) {
        return pointwise((m, a) -> m.ambientLogmap(a[0], a[1]), x, y);
    }

    /** The root of the sum of squared distances; its gradient at x = y is 0. */
    @Override
    public NDArray dist(NDArray x, NDArray y) {
        return perCopy((m, a) -> m.dist(a[0], a[1]), x, y).norm(Axes.LAST, false);
    }

    @Override
    public NDArray squaredDist(NDArray x, NDArray y) {
        return perCopy((m, a) -> m.squaredDist(a[0], a[1]), x, y).sum(Axes.LAST);
    }

    @Override
    public NDArray pairwiseSquaredDist(NDArray x, NDArray y) {
        NDList xs = split(x);
        NDList ys = split(y);
        NDArray sum = pairwise(0, xs, ys);
        for (int f = 1; f < factors.size(); f++) {
            sum = sum.add(pairwise(f, xs, ys));
        }
        return sum;
    }

    private NDArray pairwise(int f, NDList xs, NDList ys) {
        Factor factor = factors.get(f);
        NDArray x = xs.get(f);
        NDArray y = ys.get(f);
        // The copies of the whole product (axis 1) and those of the factor become one axis.
        return factor.manifold()
                .pairwiseSquaredDist(
                        x.reshape(x.getShape().get(0), -1, factor.dim()),
                        y.reshape(y.getShape().get(0), -1, factor.dim()));
    }

    @Override
    public NDArray projx(NDArray x) {
        return pointwise((m, a) -> m.projx(a[0]), x);
    }

    @Override
    public NDArray proju(NDArray x, NDArray u) {
        return pointwise((m, a) -> m.proju(a[0], a[1]), x, u);
    }

    @Override
    public NDArray inner(NDArray x, NDArray u, NDArray v) {
        return perCopy((m, a) -> m.inner(a[0], a[1], a[2]), x, u, v).sum(Axes.LAST);
    }

    @Override
    public NDArray norm(NDArray x, NDArray u) {
        return perCopy((m, a) -> m.norm(a[0], a[1]), x, u).norm(Axes.LAST, false);
    }

    @Override
    public NDArray egrad2rgrad(NDArray x, NDArray grad) {
        return pointwise((m, a) -> m.egrad2rgrad(a[0], a[1]), x, grad);
    }

    @Override
    public NDArray transp(NDArray x, NDArray y, NDArray u) {
        return pointwise((m, a) -> m.transp(a[0], a[1], a[2]), x, y, u);
    }

    @Override
    public NDArray dexpInverse(NDArray x, NDArray u, NDArray v) {
        return pointwise((m, a) -> m.dexpInverse(a[0], a[1], a[2]), x, u, v);
    }

    private NDArray pointwise(Operation operation, NDArray... arguments) {
        return forEachFactor((factor, parts) -> factor.fold(operation.apply(factor.manifold(), parts)), arguments);
    }

    // [..., K]: one value for each copy of each factor.
    private NDArray perCopy(Operation operation, NDArray... arguments) {
        return forEachFactor((factor, parts) -> factor.valuesOf(operation.apply(factor.manifold(), parts)), arguments);
    }

    private NDArray forEachFactor(BiFunction<Factor, NDArray[], NDArray> f, NDArray... arguments) {
        NDList[] parts = Arrays.stream(arguments).map(this::split).toArray(NDList[]::new);
        NDList results = new NDList(factors.size());
        for (int i = 0; i < factors.size(); i++) {
            int index = i;
            Factor factor = factors.get(i);
            NDArray[] unfolded = Arrays.stream(parts)
                    .map(list -> factor.unfold(list.get(index)))
                    .toArray(NDArray[]::new);
            results.add(f.apply(factor, unfolded));
        }
        return results.size() == 1 ? results.head() : NDArrays.concat(results, -1);
    }

    private NDList split(NDArray flat) {
        Shape shape = flat.getShape();
        if (shape.get(shape.dimension() - 1) != size) {
            throw new IllegalArgumentException(
                    "point of shape %s has not the %d coordinates of the product. Maybe another architecture?"
                            .formatted(shape, size));
        }
        return boundaries.length == 0 ? new NDList(flat) : flat.split(boundaries, shape.dimension() - 1);
    }
}
