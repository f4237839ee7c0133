package dev.zooflow.experiment;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.math.BigDecimal;

/** How values of a configuration are shown in messages. */
final class Shown {

    private static final int LONGEST = 60;
    private static final ConfigRenderOptions CONCISE = ConfigRenderOptions.concise();

    private Shown() {}

    /** A value as it was written, on one line that ends with an ellipsis where it is long. */
    static String shown(ConfigValue value) {
        boolean compound = value instanceof ConfigList || value instanceof ConfigObject;
        // As it was written: a rendered 1e4 would read 10000.0.
        String text = compound || value.valueType() == ConfigValueType.NULL
                ? value.render(CONCISE)
                : value.atKey("it").getString("it");
        String line = text.isEmpty() ? "\"\"" : text.replace('\n', ' ');
        return line.length() > LONGEST ? line.substring(0, LONGEST - 1) + "…" : line;
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
