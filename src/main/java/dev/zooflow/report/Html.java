package dev.zooflow.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Safe pieces of a page: escaped text, embedded JSON and scripts, and templates. */
final class Html {

    /** Where the parts of pages lie on the class path. */
    static final String HERE = "/dev/zooflow/report/";

    private static final String ECHARTS = "/META-INF/resources/webjars/echarts/%s/echarts.min.js";
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([a-z-]+)}}");

    private Html() {}

    /** Text for element content and for attributes in double or single quotes. */
    static String escape(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.append(c);
            }
        }
        return out.toString();
    }

    /** JSON for the inside of a {@code script} element, which no string in it can end. */
    static String embedJson(String json) {
        return json.replace("&", "\\u0026")
                .replace("<", "\\u003c")
                .replace(">", "\\u003e")
                .replace("\u2028", "\\u2028")
                .replace("\u2029", "\\u2029");
    }

    /** A script for the inside of a {@code script} element; equal in meaning, without anything that would end it. */
    static String embedScript(String script) {
        return script.replace("</script", "<\\/script").replace("<!--", "<\\!--");
    }

    /**
     * What a page with charts puts in three of its places: the data, ECharts and its own code.
     *
     * @param data JSON that the script draws
     * @param scripts names of its parts, which share a scope of their own
     */
    static Map<String, String> charts(String data, List<String> scripts) {
        String script = scripts.stream()
                .map(name -> resource(HERE + name + ".js"))
                .collect(Collectors.joining("\n", "'use strict';\n(() => {\n", "})();\n"));
        return Map.of(
                "data", embedJson(data),
                "echarts", embedScript(resource(ECHARTS.formatted(echartsVersion()))),
                "script", embedScript(script));
    }

    /** The version of the ECharts WebJar, whose path holds it. */
    private static String echartsVersion() {
        return resource("/META-INF/maven/org.webjars/echarts/pom.properties")
                .lines()
                .filter(line -> line.startsWith("version="))
                .map(line -> line.substring("version=".length()).strip())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the ECharts WebJar does not say its version"));
    }

    /** Puts values in the place of {@code {{name}}}; values are not searched for placeholders again. */
    static String fill(String template, Map<String, String> values) {
        Matcher matcher = PLACEHOLDER.matcher(template);
        StringBuilder out = new StringBuilder();
        while (matcher.find()) {
            String value = values.get(matcher.group(1));
            if (value == null) {
                throw new IllegalArgumentException("template has no value for " + matcher.group());
            }
            matcher.appendReplacement(out, Matcher.quoteReplacement(value));
        }
        return matcher.appendTail(out).toString();
    }

    /** A text file on the class path, by its absolute name. */
    static String resource(String name) {
        try (InputStream in = Html.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("resource %s is not on the class path".formatted(name));
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("resource %s can't be read".formatted(name), e);
        }
    }
}
