package dev.zooflow.data;

import dev.zooflow.tensor.Seed;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Three disjoint sets of rows that together are all rows, drawn at random and stratified by class.
 *
 * <p>Each class gives every split its share, rounded so that the splits' total sizes are right; a class keeps at least
 * one training example whatever the fractions, so a random partition never has a class that occurs in the test split
 * alone. Rows within a split are in random order. Equal rows (duplicates in the source) are not recognised as such.
 *
 * @param train rows
 * @param validation rows
 * @param test rows
 */
record Partition(int[] train, int[] validation, int[] test) {

    private static final byte TRAIN = 0;
    private static final byte VALIDATION = 1;
    private static final byte TEST = 2;

    /**
     * Partitions the rows of {@code y}.
     *
     * @param y class of each row, in [0, classes)
     * @param validationFraction of all rows
     * @param testFraction of all rows
     */
    static Partition stratified(int[] y, int classes, double validationFraction, double testFraction, Seed seed) {
        int[] shuffled = shuffled(y.length, seed);
        int[] sizes = new int[classes];
        for (int c : y) {
            sizes[c]++;
        }
        int[] inTraining = sizes.clone();
        int[] forTest = shares(sizes, inTraining, testFraction);
        int[] forValidation = shares(sizes, inTraining, validationFraction);
        byte[] split = new byte[y.length];
        for (int row : shuffled) {
            int c = y[row];
            split[row] = forTest[c]-- > 0 ? TEST : forValidation[c]-- > 0 ? VALIDATION : TRAIN;
        }
        return new Partition(
                rows(shuffled, split, TRAIN), rows(shuffled, split, VALIDATION), rows(shuffled, split, TEST));
    }

    /** Rounds cumulatively over the classes: the shares add up to the rounded share of all, each within one of its own. */
    private static int[] shares(int[] sizes, int[] left, double fraction) {
        int[] shares = new int[sizes.length];
        long seen = 0;
        long taken = 0;
        for (int c = 0; c < sizes.length; c++) {
            seen += sizes[c];
            long wanted = Math.round(seen * fraction) - taken;
            shares[c] = (int) Math.max(0, Math.min(wanted, left[c] - 1L));
            left[c] -= shares[c];
            taken += shares[c];
        }
        return shares;
    }

    private static int[] shuffled(int n, Seed seed) {
        RandomGenerator random = seed.generator();
        int[] rows = new int[n];
        for (int i = 0; i < n; i++) {
            int j = random.nextInt(i + 1);
            rows[i] = rows[j];
            rows[j] = i;
        }
        return rows;
    }

    private static int[] rows(int[] order, byte[] split, byte wanted) {
        int n = 0;
        int[] rows = new int[order.length];
        for (int row : order) {
            if (split[row] == wanted) {
                rows[n++] = row;
            }
        }
        return Arrays.copyOf(rows, n);
    }
}
