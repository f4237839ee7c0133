package dev.zooflow.data;

import java.util.Arrays;

/**
 * A square canvas that keeps, for every pixel, the distance to the nearest stroke; ink follows from it with one pixel of
 * anti-aliasing: {@code clamp(½ + radius - distance)}, all in pixels.
 */
final class StrokeCanvas {

    private final int size;
    private final double reach;
    private final double[] squaredDistance;

    /**
     * An empty canvas.
     *
     * @param size side in pixels
     * @param reach strokes further away than this, in pixels, leave no ink
     */
    StrokeCanvas(int size, double reach) {
        this.size = size;
        this.reach = reach;
        this.squaredDistance = new double[size * size];
        Arrays.fill(squaredDistance, Double.POSITIVE_INFINITY);
    }

    /** Draws a straight line; pixel (row r, column c) has its centre at (c + ½, r + ½). */
    void line(double x0, double y0, double x1, double y1) {
        int top = clamp(Math.min(y0, y1) - reach);
        int bottom = clamp(Math.max(y0, y1) + reach);
        int left = clamp(Math.min(x0, x1) - reach);
        int right = clamp(Math.max(x0, x1) + reach);
        double dx = x1 - x0;
        double dy = y1 - y0;
        double squaredLength = dx * dx + dy * dy;
        for (int row = top; row <= bottom; row++) {
            for (int column = left; column <= right; column++) {
                double px = column + 0.5 - x0;
                double py = row + 0.5 - y0;
                // A line of length zero is a dot at its first point.
                double along = squaredLength > 0 ? Math.max(0, Math.min(1, (px * dx + py * dy) / squaredLength)) : 0;
                double ex = px - along * dx;
                double ey = py - along * dy;
                int pixel = row * size + column;
                squaredDistance[pixel] = Math.min(squaredDistance[pixel], ex * ex + ey * ey);
            }
        }
    }

    private int clamp(double coordinate) {
        return (int) Math.max(0, Math.min(size - 1, Math.floor(coordinate)));
    }

    /** Ink in [0, 1] of a pixel, counted row by row, for a pen of this radius in pixels. */
    double ink(int pixel, double radius) {
        return Math.max(0, Math.min(1, 0.5 + radius - Math.sqrt(squaredDistance[pixel])));
    }
}
