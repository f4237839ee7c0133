/** What an experiment is: its specification as validated records, its run id, its provenance. No mathematics. */
@NullMarked
package dev.zooflow.experiment;

import org.jspecify.annotations.NullMarked;
