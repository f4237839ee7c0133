package dev.zooflow.experiment;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.math.BigDecimal;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** How values of a configuration are shown to people. */
final class Shown {

    private static final int LONGEST = 60;
    private static final ConfigRenderOptions CONCISE = ConfigRenderOptions.concise();

    /** Of texts that HOCON takes without quotes. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._ -]*");

    private Shown() {}

    /** A value as it was written, on one line that ends with an ellipsis where it is long. */
    static String shown(ConfigValue value) {
        boolean compound = value instanceof ConfigList || value instanceof ConfigObject;
        String text = compound || value.valueType() == ConfigValueType.NULL ? value.render(CONCISE) : text(value);
        String line = text.isEmpty() ? "\"\"" : text.replace('\n', ' ');
        return line.length() > LONGEST ? line.substring(0, LONGEST - 1) + "…" : line;
    }

    // As it was written: a rendered 1e4 would read 10000.0.
    private static String text(ConfigValue value) {
        return value.atKey("it").getString("it");
    }

    /** A value on one line as a person would write it in a file. */
    static String hocon(ConfigValue value) {
        if (value instanceof ConfigList list) {
            return list.stream().map(Shown::hocon).collect(Collectors.joining(", ", "[", "]"));
        }
        if (value instanceof ConfigObject block) {
            return block.isEmpty()
                    ? "{}"
                    : block.entrySet().stream()
                            .map(e -> "%s = %s".formatted(e.getKey(), hocon(e.getValue())))
                            .collect(Collectors.joining(", ", "{ ", " }"));
        }
        boolean isPlain = value.valueType() != ConfigValueType.STRING
                || PLAIN.matcher(text(value)).matches();
        return isPlain ? text(value) : ConfigUtil.quoteString(text(value));
    }

    /** What a value is, in the words of the files. */
    static String typeName(ConfigValue value) {
        return switch (value.valueType()) {
            case OBJECT -> "block";
            case LIST -> "list";
            case NUMBER -> "number";
            case BOOLEAN -> "boolean";
            case STRING -> "text";
            case NULL -> "null";
        };
    }

    /** A number without an exponent. */
    static String plain(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }
}
