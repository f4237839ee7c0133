package dev.zooflow.model;

import ai.djl.ndarray.NDArray;
import dev.zooflow.experiment.FlowSpec;
import dev.zooflow.experiment.FlowSpec.Temperature;
import dev.zooflow.flow.FlowSpace;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.manifold.Euclidean;
import dev.zooflow.manifold.Manifold;
import dev.zooflow.manifold.ProductManifold;
import dev.zooflow.manifold.ProductManifold.Factor;
import dev.zooflow.manifold.Sphere;
import dev.zooflow.rebasin.CanonicalForm;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The coordinates in which a flow sees networks of one layout, and their geometry.
 *
 * <p>Raw weights for the Euclidean flow; otherwise canonical weights, in which the incoming row of every hidden neuron
 * and the last layer's weight matrix as a whole lie on unit spheres, biases are Euclidean, and the temperature, if kept,
 * is one more Euclidean coordinate at the end.
 *
 * @param layout of the networks
 * @param canonical the change of coordinates; empty for raw weights
 * @param components in which raw weights are described; empty for the weights themselves
 * @param geometry manifolds and path
 */
public record WeightSpace(
        LayerLayout layout,
        Optional<CanonicalForm> canonical,
        Optional<PrincipalComponents> components,
        FlowSpace geometry) {

    /** The space of a flow over networks of a layout. */
    public static WeightSpace of(FlowSpec spec, LayerLayout layout) {
        return switch (spec.geometry()) {
            case EUCLIDEAN ->
                new WeightSpace(layout, Optional.empty(), Optional.empty(), FlowSpace.euclidean(spec.sigma()));
            case NORMALIZED -> canonical(spec, layout, spheres -> FlowSpace.normalized(spheres, spec.sigma()));
            case GEOMETRIC -> canonical(spec, layout, FlowSpace::geodesic);
        };
    }

    private static WeightSpace canonical(FlowSpec spec, LayerLayout layout, Function<Manifold, FlowSpace> geometry) {
        CanonicalForm form = new CanonicalForm(layout, spec.temperature() == Temperature.KEEP);
        FlowSpace space = geometry.apply(canonicalManifold(form));
        return new WeightSpace(layout, Optional.of(form), Optional.empty(), space);
    }

    /** The same space described by principal components, if there are any. */
    WeightSpace with(Optional<PrincipalComponents> pca) {
        return new WeightSpace(layout, canonical, pca, geometry);
    }

    /** The product of spheres and lines on which canonical weights lie. */
    public static ProductManifold canonicalManifold(CanonicalForm form) {
        Sphere sphere = new Sphere();
        Euclidean line = new Euclidean();
        List<Factor> factors = new ArrayList<>();
        for (LayerLayout.Layer layer : form.layout().hiddenLayers()) {
            factors.add(new Factor(sphere, layer.weightOffset(), layer.fanOut(), layer.fanIn()));
            factors.add(new Factor(line, layer.biasOffset(), 1, layer.fanOut()));
        }
        LayerLayout.Layer last = form.layout().last();
        factors.add(new Factor(sphere, last.weightOffset(), 1, last.weights()));
        factors.add(new Factor(line, last.biasOffset(), 1, form.size() - last.biasOffset()));
        return new ProductManifold(factors);
    }

    /** P, the number of coordinates. */
    public int size() {
        return components
                .map(PrincipalComponents::count)
                .orElse(canonical.map(CanonicalForm::size).orElse(layout.size()));
    }

    /** Dimension of the manifold of the data: every sphere has one less than coordinates. */
    public int dimension() {
        int spheres = canonical.isEmpty()
                ? 0
                : 1
                        + layout.hiddenLayers().stream()
                                .mapToInt(LayerLayout.Layer::fanOut)
                                .sum();
        return size() - spheres;
    }

    /** Whether the source fills the manifold of the paths, so that points on it have a density. */
    public boolean hasDensity() {
        return canonical.isEmpty() || !(geometry.path() instanceof Euclidean);
    }

    /** Weights to coordinates: [n, D] → [n, P]. */
    public NDArray encode(NDArray theta) {
        return canonical
                .map(form -> form.encode(theta))
                .orElseGet(() -> components.map(pca -> pca.encode(theta)).orElse(theta));
    }

    /** Coordinates to weights: [n, P] → [n, D]. */
    public NDArray decode(NDArray x) {
        return canonical
                .map(form -> form.decode(x))
                .orElseGet(() -> components.map(pca -> pca.decode(x)).orElse(x));
    }
}
