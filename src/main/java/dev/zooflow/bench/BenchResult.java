package dev.zooflow.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Timings of one benchmark.
 *
 * @param what benchmark
 * @param config name of the configuration
 * @param edges weights of a network, without biases: edges of its graph
 * @param batch networks per step
 * @param millis sorted times of the counted steps
 * @param processorMillis processor time of a step over all threads, mean; 0 where the virtual machine does not tell
 * @param peakResidentMib largest resident memory of this process so far; 0 where the system does not tell
 * @param residentGrowthMib how much the resident memory grew over the counted steps, Java heap included
 * @param gflopPerStep estimated arithmetic of a step; 0 where no estimate is made
 */
public record BenchResult(
        String what,
        String config,
        long edges,
        int batch,
        double[] millis,
        double processorMillis,
        long peakResidentMib,
        long residentGrowthMib,
        double gflopPerStep) {

    /** Figures by name, in the order shown. */
    public Map<String, Object> figures() {
        double median = millis[millis.length / 2];
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("what", what);
        figures.put("config", config);
        figures.put("edges", edges);
        figures.put("batch", batch);
        figures.put("steps", millis.length);
        figures.put("median_ms", median);
        figures.put("min_ms", millis[0]);
        figures.put("max_ms", millis[millis.length - 1]);
        figures.put("processor_ms", processorMillis);
        figures.put("ns_per_edge", median * 1e6 / batch / edges);
        figures.put("samples_per_second", batch / median * 1e3);
        figures.put("peak_resident_mib", peakResidentMib);
        figures.put("resident_growth_mib", residentGrowthMib);
        if (gflopPerStep > 0) {
            figures.put("gflop_per_second", gflopPerStep / median * 1e3);
        }
        return figures;
    }
}
