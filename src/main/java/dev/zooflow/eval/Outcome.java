package dev.zooflow.eval;

/**
 * How one network does on a split.
 *
 * @param predicted most probable class of every example; the first of several
 * @param errors misclassified examples
 * @param loss mean cross-entropy in nats
 */
record Outcome(int[] predicted, ErrorSet errors, double loss) {

    /** Reads the probabilities [t, C] that begin at an offset. */
    static Outcome of(float[] probability, int offset, int classes, int[] labels, double loss) {
        int[] predicted = new int[labels.length];
        for (int t = 0; t < predicted.length; t++) {
            int row = offset + t * classes;
            for (int c = 1; c < classes; c++) {
                if (probability[row + c] > probability[row + predicted[t]]) {
                    predicted[t] = c;
                }
            }
        }
        return new Outcome(predicted, ErrorSet.of(predicted, labels), loss);
    }

    /** Share of examples classified correctly. */
    double accuracy() {
        return (double) (predicted.length - errors.size()) / predicted.length;
    }

    /** Share of examples for which two networks predict different classes. */
    double disagreement(Outcome other) {
        int differing = 0;
        for (int t = 0; t < predicted.length; t++) {
            differing += predicted[t] == other.predicted[t] ? 0 : 1;
        }
        return (double) differing / predicted.length;
    }
}
