package dev.zooflow.bench;

import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.LayerLayout;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/** Times the steps of a benchmark. */
final class Stopwatch {

    private Stopwatch() {}

    static BenchResult time(String what, BenchConfig config, Benchmark benchmark, int steps) {
        long residentBefore = ResidentMemory.currentMib();
        long processorBefore = processorNanos();
        double[] millis = new double[steps];
        for (int k = 0; k < steps; k++) {
            long start = System.nanoTime();
            benchmark.step();
            millis[k] = (System.nanoTime() - start) / 1e6;
        }
        double processorMillis = (processorNanos() - processorBefore) / 1e6 / steps;
        long growth = ResidentMemory.currentMib() - residentBefore;
        Arrays.sort(millis);
        return new BenchResult(
                what,
                config.name(),
                edges(config.architecture()),
                benchmark.batch(),
                millis,
                processorMillis,
                ResidentMemory.peakMib(),
                growth,
                benchmark.gflop());
    }

    private static long edges(Architecture architecture) {
        return LayerLayout.of(architecture).layers().stream()
                .mapToLong(LayerLayout.Layer::weights)
                .sum();
    }

    // Of all threads; 0 where the virtual machine does not tell.
    private static long processorNanos() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? Math.max(0, system.getProcessCpuTime())
                : 0;
    }
}
