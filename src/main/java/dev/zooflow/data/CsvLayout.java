package dev.zooflow.data;

import dev.zooflow.experiment.TaskSpec;
import java.util.List;

/**
 * How to read a CSV file: which column is the label, which are left out, and how cells are separated.
 *
 * @param label column by name or index from 0; -1 is the last, -2 the one before it
 * @param ignore columns left out, by name or index
 * @param header whether the first row holds names
 * @param delimiter between cells
 */
record CsvLayout(String label, List<String> ignore, boolean header, char delimiter) {

    /** The layout that a task describes. */
    static CsvLayout of(TaskSpec task) {
        return new CsvLayout(task.label(), task.ignore(), task.header(), task.delimiter());
    }
}
