package dev.zooflow.experiment;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One of the experiments that a file makes.
 *
 * @param spec the experiment
 * @param values that it has and others have not, {@code key=value} each; empty where it is the only one
 */
public record Variant(ExperimentSpec spec, List<String> values) {

    /** Key of the label in the provenance of a run. */
    public static final String EACH = "each";

    /** One of the values in a label: what has no space but between quotes. */
    private static final Pattern VALUE = Pattern.compile("(?:\"(?:[^\"\\\\]|\\\\.)*+\"|[^ \"])++");

    /** Its values on one line. */
    public String label() {
        return String.join(" ", values);
    }

    /**
     * The keys of a label, flat, and their values: a number, a text, a truth value or a list.
     *
     * @throws UserError when it is no label
     */
    public static Map<String, Object> settings(String label) {
        String lines = VALUE.matcher(label).results().map(MatchResult::group).collect(Collectors.joining("\n"));
        Map<String, Object> settings = new LinkedHashMap<>();
        Hocon.text(lines)
                .entrySet()
                .forEach(value -> settings.put(value.getKey(), value.getValue().unwrapped()));
        return settings;
    }
}
