package dev.zooflow.data;

import java.util.List;

/**
 * The content of a CSV file: numbers and labels.
 *
 * @param features names of the columns of numbers
 * @param rows numbers, all finite [n][f]
 * @param labels of the rows [n]
 * @param hash SHA-256 of the file's decompressed content
 */
record CsvTable(List<String> features, List<double[]> rows, List<String> labels, String hash) {}
