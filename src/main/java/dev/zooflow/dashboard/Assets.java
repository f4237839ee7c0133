package dev.zooflow.dashboard;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The files that make the page, all from the jar. */
final class Assets {

    private static final String HERE = "/dev/zooflow/dashboard/";
    private static final String REPORT = "/dev/zooflow/report/";
    private static final String WEBJARS = "/META-INF/resources/webjars/";
    private static final String HTML = "text/html; charset=utf-8";
    private static final String CSS = "text/css; charset=utf-8";
    private static final String JS = "text/javascript; charset=utf-8";
    private static final List<String> SCRIPTS = List.of("state", "table", "charts", "fleet", "page");

    private Assets() {}

    /**
     * A file.
     *
     * @param type media type
     * @param lasting whether its address holds its version, so that a browser need never ask again
     */
    record Asset(String type, byte[] body, boolean lasting) {}

    /** All of them by their path. */
    static Map<String, Asset> all() {
        String echarts = "/webjars/echarts/%s/echarts.min.js".formatted(version("org.webjars/echarts"));
        String tabulator = "/webjars/tabulator-tables/%s/dist/".formatted(version("org.webjars.npm/tabulator-tables"));
        String page = text(HERE + "dashboard.html")
                .replace("{{echarts}}", echarts)
                .replace("{{tabulator-js}}", tabulator + "js/tabulator.min.js")
                .replace("{{tabulator-css}}", tabulator + "css/tabulator.min.css");
        Map<String, Asset> all = new TreeMap<>();
        all.put("/", asset(HTML, page));
        all.put("/dashboard.css", asset(CSS, text(REPORT + "report.css") + text(HERE + "dashboard.css")));
        all.put("/dashboard.js", asset(JS, script()));
        for (String path : List.of(echarts, tabulator + "js/tabulator.min.js", tabulator + "css/tabulator.min.css")) {
            byte[] body = bytes(WEBJARS + path.substring("/webjars/".length()));
            all.put(path, new Asset(path.endsWith(".css") ? CSS : JS, body, true));
        }
        return all;
    }

    /** The parts of the page's script, after what they share with the report's, in a scope of their own. */
    private static String script() {
        return SCRIPTS.stream()
                .map(name -> text(HERE + name + ".js"))
                .collect(Collectors.joining("\n", "'use strict';\n(() => {\n" + text(REPORT + "frame.js"), "})();\n"));
    }

    private static Asset asset(String type, String text) {
        return new Asset(type, text.getBytes(StandardCharsets.UTF_8), false);
    }

    private static String version(String artefact) {
        return text("/META-INF/maven/%s/pom.properties".formatted(artefact))
                .lines()
                .filter(line -> line.startsWith("version="))
                .map(line -> line.substring("version=".length()).strip())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("WebJar %s does not say its version".formatted(artefact)));
    }

    private static String text(String name) {
        return new String(bytes(name), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String name) {
        try (InputStream in = Assets.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("resource %s is not on the class path".formatted(name));
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("resource %s can't be read".formatted(name), e);
        }
    }
}
