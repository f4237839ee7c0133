package dev.zooflow.health;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.lang.management.ManagementFactory;
import java.util.stream.DoubleStream;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;

/** What Kafka's clients of this process count, which they tell by JMX under these names since long ago. */
final class ClientFigures implements MeterBinder {

    private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();

    private static final ObjectName PRODUCERS = name("kafka.producer:type=producer-metrics,client-id=*");
    private static final ObjectName FETCHERS = name("kafka.consumer:type=consumer-fetch-manager-metrics,client-id=*");

    private static ObjectName name(String pattern) {
        try {
            return new ObjectName(pattern);
        } catch (MalformedObjectNameException e) {
            throw new IllegalArgumentException(pattern, e);
        }
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        FunctionCounter.builder(
                        "zooflow.publish.retries",
                        PRODUCERS,
                        p -> values(p, "record-retry-total").sum())
                .description("Records that a Kafka producer of the process sent again")
                .register(registry);
        FunctionCounter.builder(
                        "zooflow.publish.errors",
                        PRODUCERS,
                        p -> values(p, "record-error-total").sum())
                .description("Records that a Kafka producer of the process gave up")
                .register(registry);
        Gauge.builder(
                        "zooflow.events.lag",
                        FETCHERS,
                        p -> values(p, "records-lag-max").max().orElse(0))
                .description("Records that the slowest reader of events is behind the log")
                .register(registry);
    }

    /** The attribute of every client that has it, where it is a number. */
    private static DoubleStream values(ObjectName pattern, String attribute) {
        return SERVER.queryNames(pattern, null).stream()
                .mapToDouble(client -> value(client, attribute))
                .filter(Double::isFinite);
    }

    private static double value(ObjectName client, String attribute) {
        try {
            return SERVER.getAttribute(client, attribute) instanceof Number n ? n.doubleValue() : Double.NaN;
        } catch (JMException e) {
            return Double.NaN; // closed since it was asked for
        }
    }
}
