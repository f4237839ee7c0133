package dev.zooflow.dashboard;

import java.util.ArrayList;
import java.util.List;

/**
 * A chart of the page as the browser holds it. All lists are empty while nothing is drawn.
 *
 * @param name in {@code data-chart}
 */
record Chart(Browser browser, String name) {

    /** Ids of what is drawn. */
    List<Object> series() {
        return ask("option.series.map(s => s.id)");
    }

    /** One value of each item of a series. */
    List<Object> values(String series, int dimension) {
        return ask(
                "option.series.find(s => s.id === arguments[0])?.data.map(item => (item.value ?? item)[arguments[1]])",
                series,
                dimension);
    }

    /**
     * Names of axes.
     *
     * @param kind {@code xAxis}, {@code yAxis} or {@code parallelAxis}
     */
    List<Object> axes(String kind) {
        return ask("option[arguments[0]].map(axis => axis.name)", kind);
    }

    /** All that is written on the canvas. */
    List<Object> texts() {
        return ask("texts.map(style => style.text)");
    }

    /** In which colours it is written. */
    List<Object> colours() {
        return ask("[...new Set(texts.map(style => style.fill))]");
    }

    private List<Object> ask(String expression, Object... arguments) {
        Object answer = browser.run("""
                const chart = echarts.getInstanceByDom(document.querySelector('[data-chart=%s]'));
                if (!chart) {
                  return [];
                }
                const option = chart.getOption();
                const texts = chart.getZr().storage.getDisplayList().map(e => e.style).filter(style => style.text);
                return %s;
                """.formatted(name, expression), arguments);
        return answer instanceof List<?> list ? new ArrayList<>(list) : List.of();
    }
}
