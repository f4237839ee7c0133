package dev.zooflow.eval;

/**
 * The examples that one network misclassifies, W(θ), one bit each.
 *
 * @param words bits of the examples, 64 to a word
 * @param size number of misclassified examples
 */
record ErrorSet(long[] words, int size) {

    /** The examples whose predicted class differs from the true one. */
    static ErrorSet of(int[] predicted, int[] labels) {
        long[] words = new long[(labels.length + Long.SIZE - 1) / Long.SIZE];
        int size = 0;
        for (int t = 0; t < labels.length; t++) {
            if (predicted[t] != labels[t]) {
                words[t / Long.SIZE] |= 1L << (t % Long.SIZE);
                size++;
            }
        }
        return new ErrorSet(words, size);
    }

    /** |A∩B| / |A∪B| of two sets over the same examples; 1 for two empty sets, which are equal. */
    double jaccard(ErrorSet other) {
        int both = 0;
        for (int w = 0; w < words.length; w++) {
            both += Long.bitCount(words[w] & other.words[w]);
        }
        int union = size + other.size - both;
        return union == 0 ? 1 : (double) both / union;
    }
}
