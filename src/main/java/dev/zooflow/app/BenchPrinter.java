package dev.zooflow.app;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;

/** Prints the figures of benchmarks as they come: each alone as a list, those of a curve as a table with a line for each. */
final class BenchPrinter {

    private static final List<String> COLUMNS =
            List.of("edges", "batch", "median_ms", "min_ms", "max_ms", "ns_per_edge", "samples_per_second");

    private final PrintWriter out;
    private final boolean json;
    private final boolean curve;
    private boolean titled;

    BenchPrinter(PrintWriter out, boolean json, boolean curve) {
        this.out = out;
        this.json = json;
        this.curve = curve;
    }

    void print(Map<String, Object> figures) throws IOException {
        if (json) {
            out.println(JsonMapper.builder().build().writeValueAsString(figures));
        } else if (curve) {
            line(figures);
        } else {
            figures.forEach((name, value) -> out.printf("%-20s %s%n", name, text(value)));
        }
        out.flush();
    }

    private void line(Map<String, Object> figures) {
        if (!titled) {
            COLUMNS.forEach(column -> out.printf("%" + width(column) + "s", column));
            out.println();
            titled = true;
        }
        COLUMNS.forEach(column -> out.printf("%" + width(column) + "s", text(figures.get(column))));
        out.println();
    }

    private static int width(String column) {
        return Math.max(12, column.length() + 2);
    }

    private static String text(Object value) {
        return value instanceof Double d ? "%.2f".formatted(d) : String.valueOf(value);
    }
}
