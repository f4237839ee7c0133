package dev.zooflow.bench;

/** Something expensive with its input at hand, to be done again and again. */
public interface Benchmark extends AutoCloseable {

    /** Does it once. */
    void step();

    /** Networks of a step. */
    int batch();

    /** Estimated arithmetic of a step; 0 where no estimate is made. */
    double gflop();

    @Override
    void close();
}
