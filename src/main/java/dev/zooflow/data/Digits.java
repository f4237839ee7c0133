package dev.zooflow.data;

import dev.zooflow.data.StrokeFont.Glyph;
import dev.zooflow.data.StrokeFont.Piece;
import dev.zooflow.tensor.Seed;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Handwriting-like digits: the strokes of {@link StrokeFont} with jittered control points, a random affine map (scale,
 * rotation, shear, translation), a random pen width, anti-aliased, with Gaussian pixel noise.
 *
 * @param size side of the square image in pixels, from 8
 * @param distortion factor on all random deformations; 0 writes every glyph alike
 * @param noise standard deviation of the pixel noise; pixels are clamped to [0, 1] after it
 */
record Digits(int size, double distortion, double noise) {

    /** Number of classes. */
    static final int CLASSES = 10;

    // Standard deviations at distortion 1; lengths are in units of the glyph's height.
    private static final double JITTER = 0.04;
    private static final double ROTATION = 0.16;
    private static final double SHEAR = 0.2;
    private static final double STRETCH = 0.11;
    private static final double SHIFT = 0.035;
    private static final double PEN_VARIATION = 0.2;

    private static final double GLYPH_HEIGHT = 0.8;
    private static final double GLYPH_ASPECT = 0.7;
    private static final double PEN_RADIUS = 0.055;

    // Draws beyond this many standard deviations would push a glyph off the canvas.
    private static final double LARGEST_DRAW = 2.5;
    private static final int CURVE_LINES = 10;

    /** {@code n} images [n, size·size] with values in [0, 1], the ten digits in turn. */
    Split generate(int n, Seed seed) {
        int pixels = size * size;
        float[] x = new float[Math.multiplyExact(n, pixels)];
        int[] y = new int[n];
        for (int i = 0; i < n; i++) {
            y[i] = i % CLASSES;
            draw(y[i], seed.child(i).generator(), x, i * pixels);
        }
        return new Split(x, y, pixels);
    }

    private void draw(int digit, RandomGenerator random, float[] x, int offset) {
        List<Glyph> ways = StrokeFont.of(digit);
        Glyph glyph = ways.get(random.nextInt(ways.size()));
        double[] points = place(glyph.points(), random);
        double radius = size * PEN_RADIUS * StrictMath.exp(PEN_VARIATION * draw(random));
        StrokeCanvas canvas = new StrokeCanvas(size, radius + 1);
        trace(glyph, points, canvas);
        for (int pixel = 0; pixel < size * size; pixel++) {
            double value = canvas.ink(pixel, radius) + noise * random.nextGaussian();
            x[offset + pixel] = (float) Math.max(0, Math.min(1, value));
        }
    }

    /** Jitters the control points and maps them from the unit box to pixels. */
    private double[] place(double[] points, RandomGenerator random) {
        double angle = ROTATION * draw(random);
        double shear = SHEAR * draw(random);
        double width = GLYPH_HEIGHT * GLYPH_ASPECT * StrictMath.exp(STRETCH * draw(random));
        double height = GLYPH_HEIGHT * StrictMath.exp(STRETCH * draw(random));
        double centreX = 0.5 + SHIFT * draw(random);
        double centreY = 0.5 + SHIFT * draw(random);
        double cos = StrictMath.cos(angle);
        double sin = StrictMath.sin(angle);
        double[] placed = new double[points.length];
        for (int i = 0; i < points.length; i += 2) {
            double v = height * (points[i + 1] - 0.5 + JITTER * draw(random));
            double u = width * (points[i] - 0.5 + JITTER * draw(random)) - shear * v;
            placed[i] = size * (centreX + cos * u - sin * v);
            placed[i + 1] = size * (centreY + sin * u + cos * v);
        }
        return placed;
    }

    private double draw(RandomGenerator random) {
        return distortion * Math.max(-LARGEST_DRAW, Math.min(LARGEST_DRAW, random.nextGaussian()));
    }

    private static void trace(Glyph glyph, double[] p, StrokeCanvas canvas) {
        for (Piece piece : glyph.pieces()) {
            if (!piece.move()) {
                // The piece begins where the one before it ended, which is the point before its own first one.
                curve(p, 2 * piece.firstPoint() - 2, piece.points(), canvas);
            }
        }
    }

    private static void curve(double[] p, int start, int degree, StrokeCanvas canvas) {
        int lines = degree == 1 ? 1 : CURVE_LINES;
        double x0 = p[start];
        double y0 = p[start + 1];
        for (int i = 1; i <= lines; i++) {
            double t = (double) i / lines;
            double x1 = bezier(p, start, degree, t);
            double y1 = bezier(p, start + 1, degree, t);
            canvas.line(x0, y0, x1, y1);
            x0 = x1;
            y0 = y1;
        }
    }

    /** Bernstein form of degree 1, 2 or 3; the coordinates of successive points are two apart. */
    private static double bezier(double[] p, int at, int degree, double t) {
        double s = 1 - t;
        return switch (degree) {
            case 1 -> s * p[at] + t * p[at + 2];
            case 2 -> s * s * p[at] + 2 * s * t * p[at + 2] + t * t * p[at + 4];
            default ->
                s * s * s * p[at] + 3 * s * s * t * p[at + 2] + 3 * s * t * t * p[at + 4] + t * t * t * p[at + 6];
        };
    }
}
