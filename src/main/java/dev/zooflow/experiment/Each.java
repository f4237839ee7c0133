package dev.zooflow.experiment;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Keys of which several values are tried, each combination in a run of its own: any key may be one. */
final class Each {

    private static final int MOST = 1_000;

    private Each() {}

    /**
     * The overrides of each run: every combination of the values, the last key first to change. Without keys this is one run
     * without overrides.
     *
     * @param lists {@code key=[a, b]} each, in HOCON
     * @throws UserError where that is no list, a key stands twice, or there are more than 1,000 combinations
     */
    static List<List<String>> combinations(List<String> lists) {
        List<List<String>> values = lists.stream().map(Each::values).toList();
        Set<String> keys = new HashSet<>();
        for (String list : lists) {
            if (!keys.add(key(list))) {
                throw UserError.usage("--each (%s) names a key for the second time. Maybe all its values in one list?"
                        .formatted(list));
            }
        }
        return Combinations.of(
                values,
                MOST,
                () -> UserError.usage("--each (%s) makes more than %d runs. Maybe a sweep, whose trials share a zoo?"
                        .formatted(String.join(" ", lists), MOST)));
    }

    private static List<String> values(String list) {
        if (list.indexOf('=') > 0 && Overrides.value(list) instanceof ConfigList values && !values.isEmpty()) {
            return values.stream().map(value -> key(list) + "=" + render(value)).toList();
        }
        throw UserError.usage(
                "--each (%s) is no key with a list of values. Maybe --each 'network.hidden=[[8], [16, 16]]'?"
                        .formatted(list));
    }

    private static String key(String list) {
        return list.substring(0, list.indexOf('=')).strip();
    }

    private static String render(ConfigValue value) {
        return value.render(ConfigRenderOptions.concise());
    }
}
