package dev.zooflow.mlflow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is still to be logged of one MLflow run. For one thread. */
final class Records {

    /**
     * A value of a metric.
     *
     * @param key name, of characters that MLflow allows
     * @param value may be NaN
     * @param timestamp in milliseconds since 1970
     * @param step of the training
     */
    record Metric(String key, double value, long timestamp, long step) {}

    private final List<Metric> metrics = new ArrayList<>();
    private final Map<String, String> params = new LinkedHashMap<>();
    private final Map<String, String> tags = new LinkedHashMap<>();

    void metric(String key, double value, long timestamp, long step) {
        metrics.add(new Metric(MlflowNames.key(key), value, timestamp, step));
    }

    void param(String key, Object value) {
        params.put(MlflowNames.key(key), MlflowNames.param(String.valueOf(value)));
    }

    void tag(String key, String value) {
        tags.put(MlflowNames.key(key), MlflowNames.tag(value));
    }

    List<Metric> metrics() {
        return metrics;
    }

    Map<String, String> params() {
        return params;
    }

    Map<String, String> tags() {
        return tags;
    }

    void clear() {
        metrics.clear();
        params.clear();
        tags.clear();
    }
}
