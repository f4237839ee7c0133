package dev.zooflow.flow.solver;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.flow.VelocityField;
import dev.zooflow.manifold.Euclidean;
import dev.zooflow.manifold.Manifold;
import dev.zooflow.manifold.ProductManifold;
import dev.zooflow.manifold.ProductManifold.Factor;
import dev.zooflow.manifold.Sphere;
import dev.zooflow.tensor.Seed;
import java.util.List;

/**
 * A time-dependent field with a flow in closed form: (1+t)(A x − ⟨x, A x⟩ x) on S³, whose flow to t = 1 is the
 * normalised exp(1.5 A) x, and (1+t) B y in the plane, with the flow exp(1.5 B) y. Double precision.
 */
public final class AnalyticFlow {

    /** Two copies of S³ and a plane. */
    public static final Manifold MANIFOLD =
            new ProductManifold(List.of(new Factor(new Sphere(), 0, 2, 4), new Factor(new Euclidean(), 8, 1, 2)));

    private static final double[] A = {
        0.2, -0.9, 0.4, 0.1, 0.8, -0.3, 0.2, -0.5, -0.1, 0.6, 0.5, 0.3, 0.7, -0.2, -0.4, 0.1
    };
    private static final double[] B = {-0.5, 0.8, -0.9, 0.3};

    // SciPy 1.17.1: scipy.linalg.expm(1.5 * A), scipy.linalg.expm(1.5 * B)
    private static final double[] EXP_A = {
        0.9013523072525775,
        -0.9317357480079864,
        0.4739457542914806,
        0.7122588494984482,
        0.6807246963509375,
        0.49348044191801643,
        0.8821719882940525,
        -0.3629191422103168,
        0.5745706796260424,
        0.8809626284088514,
        2.259035616941314,
        0.39667168139510933,
        0.8862197567880317,
        -1.1168617348545398,
        -0.781854975243799,
        1.4166504551952124
    };
    private static final double[] EXP_B = {
        -0.04154692075682953, 0.8292129158903943, -0.9328645303766934, 0.7876659951335645
    };

    private final NDManager manager;

    /** In this manager. */
    public AnalyticFlow(NDManager manager) {
        this.manager = manager;
    }

    /** n points, [n, 10]. */
    public NDArray start(int n) {
        double[] values = new Seed(3).generator().doubles(10L * n, -1, 1).toArray();
        return MANIFOLD.projx(manager.create(values, new Shape(n, 10)));
    }

    /** The field. */
    public VelocityField field() {
        NDArray a = manager.create(A, new Shape(4, 4)).transpose();
        NDArray b = manager.create(B, new Shape(2, 2)).transpose();
        return (x, t) -> {
            NDArray flat = NDArrays.concat(
                    new NDList(
                            x.get(":, 0:4").matMul(a),
                            x.get(":, 4:8").matMul(a),
                            x.get(":, 8:10").matMul(b)),
                    1);
            return MANIFOLD.proju(x, flat).mul(t.add(1));
        };
    }

    /** Where the flow takes points from t = 0 to 1. */
    public NDArray end(NDArray x) {
        NDArray a = manager.create(EXP_A, new Shape(4, 4)).transpose();
        NDArray b = manager.create(EXP_B, new Shape(2, 2)).transpose();
        return MANIFOLD.projx(NDArrays.concat(
                new NDList(
                        x.get(":, 0:4").matMul(a),
                        x.get(":, 4:8").matMul(a),
                        x.get(":, 8:10").matMul(b)),
                1));
    }

    /** Largest distance of two batches of points in a coordinate. */
    public static double gap(NDArray x, NDArray y) {
        return x.sub(y).abs().max().toArray()[0].doubleValue();
    }
}
