package dev.zooflow.experiment;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Finds what a misspelt word was probably meant to be. */
final class Nearest {

    private static final LevenshteinDistance DISTANCE = LevenshteinDistance.getDefaultInstance();

    private Nearest() {}

    /** The word with the smallest edit distance, when it is small for the word's length; the first one on a tie. */
    static Optional<String> to(String word, Collection<String> known) {
        return known.stream()
                .min(Comparator.comparingInt(k -> distance(word, k)))
                .filter(k -> distance(word, k) <= Math.max(2, word.length() / 2));
    }

    /** Edit distance that doesn't count case, nor {@code _} for {@code -}. */
    static int distance(String word, String known) {
        return DISTANCE.apply(plain(word), plain(known));
    }

    private static String plain(String word) {
        return word.replace('_', '-').toLowerCase(Locale.ROOT);
    }
}
