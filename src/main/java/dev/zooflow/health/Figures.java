package dev.zooflow.health;

import dev.zooflow.message.Role;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The figures of a process: of its virtual machine, its memory and its Kafka clients; others add theirs. Thread-safe. */
public final class Figures implements AutoCloseable {

    private static final double MIB = 1 << 20;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();

    /**
     * Figures of this process.
     *
     * @param residentMib memory of the process now; 0 where the system does not tell
     */
    public Figures(LongSupplier residentMib) {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        collections.bindTo(registry);
        new ClientFigures().bindTo(registry);
        Gauge.builder("process.resident.memory", () -> MIB * residentMib.getAsLong())
                .baseUnit("bytes")
                .description("Memory of the process as the operating system counts it")
                .register(registry);
    }

    /** Adds how many tasks wait for the workers of each role or are in their hands, anywhere; nothing while it is not known. */
    public void waiting(Supplier<Optional<Map<Role, Long>>> lag) {
        for (Role role : Role.values()) {
            Gauge.builder(
                            "zooflow.tasks.waiting",
                            () -> lag.get()
                                    .map(waiting -> (double) waiting.getOrDefault(role, 0L))
                                    .orElse(Double.NaN))
                    .tag("role", role.id())
                    .description("Tasks that wait for workers of a role or are in their hands")
                    .register(registry);
        }
    }

    PrometheusMeterRegistry registry() {
        return registry;
    }

    /** All of them in Prometheus' text format. */
    public String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}
