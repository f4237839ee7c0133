package dev.zooflow.dashboard;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Which trials are wanted, in which order, and how many of them.
 *
 * @param run whose trials; empty for all
 * @param status in one word; empty for all
 * @param text that name, run or a setting holds, in lower case; empty for all
 * @param sort key of a row; empty for what goes on first, then the most accurate
 * @param descending whether large values come first; rows without a value come last in any case
 * @param page from 1
 * @param size of a page
 */
record Query(String run, String status, String text, String sort, boolean descending, int page, int size) {

    private static final int LARGEST_PAGE = 200;
    private static final int MOST_PAGES = 1_000_000;

    /**
     * Reads parameters of a request.
     *
     * @throws IllegalArgumentException when one is not what it should be; says which
     */
    static Query of(Map<String, List<String>> parameters) {
        return new Query(
                text(parameters, "run"),
                text(parameters, "status"),
                text(parameters, "q").toLowerCase(Locale.ROOT),
                text(parameters, "sort"),
                text(parameters, "dir").equals("desc"),
                number(parameters, "page", 1, MOST_PAGES),
                number(parameters, "size", 25, LARGEST_PAGE));
    }

    /** Keys of the parameters in a request and their values, in the order in which they were written. */
    static Map<String, List<String>> parameters(Map<String, ? extends Iterable<String>> raw) {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        raw.forEach((name, values) -> {
            List<String> list = new ArrayList<>();
            values.forEach(list::add);
            if (!list.isEmpty()) {
                parameters.put(name, list);
            }
        });
        return parameters;
    }

    static String text(Map<String, List<String>> parameters, String name) {
        return parameters.getOrDefault(name, List.of("")).get(0);
    }

    static int number(Map<String, List<String>> parameters, String name, int otherwise, int most) {
        String text = text(parameters, name);
        if (text.isEmpty()) {
            return otherwise;
        }
        int number = text.matches("\\d{1,7}") ? Integer.parseInt(text) : 0;
        if (number < 1 || number > most) {
            throw new IllegalArgumentException(
                    "%s (%s) is outside [1, %d]. Maybe %d?".formatted(name, text, most, otherwise));
        }
        return number;
    }
}
