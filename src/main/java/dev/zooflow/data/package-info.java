/**
 * Classification tasks: synthetic ones drawn from a seed, and loaders for CSV and IDX files and for data sets known by
 * name, verified by SHA-256. Whatever the source, the outcome is a {@link dev.zooflow.data.Dataset} of three disjoint
 * splits; test and validation examples never influence how training examples are prepared.
 */
@NullMarked
package dev.zooflow.data;

import org.jspecify.annotations.NullMarked;
