/** Rules of a sweep: which trials are stopped. Pure functions of what was told of the trials. */
@org.jspecify.annotations.NullMarked
package dev.zooflow.experiment.search;
