package dev.zooflow.data;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Finds the name that a misspelt one was probably meant to be. */
final class NearestName {

    private static final LevenshteinDistance DISTANCE = LevenshteinDistance.getDefaultInstance();

    private NearestName() {}

    /** The known name with the smallest edit distance, upper and lower case counted alike; the first one on a tie. */
    static String to(String name, Collection<String> known) {
        String wanted = name.toLowerCase(Locale.ROOT);
        return known.stream()
                .min(Comparator.comparingInt(k -> DISTANCE.apply(wanted, k.toLowerCase(Locale.ROOT))))
                .orElseThrow();
    }
}
