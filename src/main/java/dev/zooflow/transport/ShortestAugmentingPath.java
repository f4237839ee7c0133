package dev.zooflow.transport;

import java.util.Arrays;

/**
 * A solver of linear assignment problems of one size; holds the scratch memory and so serves one thread at a time.
 *
 * <p>Algorithm: column reduction, then one shortest augmenting path in reduced costs for each row that is still free
 * (Jonker and Volgenant, "A shortest augmenting path algorithm for dense and sparse linear assignment problems",
 * Computing 38, 1987; their augmenting row reduction is left out, because it can cycle under rounding). Each path is a
 * run of Dijkstra's algorithm over the columns.
 *
 * <p>Legend: i row, j column, v_j dual variable of a column, d_j length of the shortest path to a column.
 */
final class ShortestAugmentingPath {

    private static final int FREE = -1;

    private final int n;
    private final double[] v;
    private final double[] d;
    private final int[] predecessor;
    private final int[] rowOf;
    // The first `scanned` columns of this permutation are finished, the rest open.
    private final int[] columns;
    private double[] cost = {};

    ShortestAugmentingPath(int n) {
        this.n = n;
        v = new double[n];
        d = new double[n];
        predecessor = new int[n];
        rowOf = new int[n];
        columns = new int[n];
        Arrays.setAll(columns, j -> j);
    }

    /** The column of each row in a cheapest assignment; {@code cost} is [n, n] row-major, finite, left unchanged. */
    int[] solve(double[] cost) {
        this.cost = cost;
        int[] columnOf = reduceColumns();
        for (int i = 0; i < n; i++) {
            if (columnOf[i] == FREE) {
                augment(i, columnOf);
            }
        }
        return columnOf;
    }

    // v_j is the smallest cost of column j; its row takes the column if it has none yet.
    private int[] reduceColumns() {
        int[] columnOf = new int[n];
        Arrays.fill(columnOf, FREE);
        Arrays.fill(rowOf, FREE);
        Arrays.fill(v, Double.POSITIVE_INFINITY);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                if (cost[i * n + j] < v[j]) {
                    v[j] = cost[i * n + j];
                    predecessor[j] = i;
                }
            }
        }
        for (int j = 0; j < n; j++) {
            if (columnOf[predecessor[j]] == FREE) {
                columnOf[predecessor[j]] = j;
                rowOf[j] = predecessor[j];
            }
        }
        return columnOf;
    }

    private void augment(int freeRow, int[] columnOf) {
        for (int j = 0; j < n; j++) {
            d[j] = cost[freeRow * n + j] - v[j];
            predecessor[j] = freeRow;
        }
        int scanned = 0;
        int end = moveNearest(scanned);
        while (rowOf[end] != FREE) {
            scanned++;
            relax(end, scanned);
            end = moveNearest(scanned);
        }
        for (int k = 0; k < scanned; k++) {
            v[columns[k]] += d[columns[k]] - d[end];
        }
        flip(end, freeRow, columnOf);
    }

    // Puts the open column of the shortest path first among the open ones.
    private int moveNearest(int scanned) {
        int best = scanned;
        double smallest = d[columns[scanned]];
        for (int k = scanned + 1; k < n; k++) {
            double length = d[columns[k]];
            // Of equally near columns a free one ends the search.
            if (length < smallest || (length == smallest && rowOf[columns[k]] == FREE)) {
                best = k;
                smallest = length;
            }
        }
        int j = columns[best];
        columns[best] = columns[scanned];
        columns[scanned] = j;
        return j;
    }

    // Shortens the paths to open columns by way of column j and its row.
    private void relax(int j, int scanned) {
        int i = rowOf[j];
        int row = i * n;
        double detour = d[j] - (cost[row + j] - v[j]);
        for (int k = scanned; k < n; k++) {
            int open = columns[k];
            double length = detour + cost[row + open] - v[open];
            if (length < d[open]) {
                d[open] = length;
                predecessor[open] = i;
            }
        }
    }

    private void flip(int end, int freeRow, int[] columnOf) {
        int j = end;
        int i;
        do {
            i = predecessor[j];
            rowOf[j] = i;
            int next = columnOf[i];
            columnOf[i] = j;
            j = next;
        } while (i != freeRow);
    }
}
