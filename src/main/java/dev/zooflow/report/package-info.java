/**
 * What a run leaves behind: its record as a pure reduction of events, the files of scores, curves and provenance, the
 * report page, and generated networks in the form that PyTorch loads. Built from events only.
 */
@NullMarked
package dev.zooflow.report;

import org.jspecify.annotations.NullMarked;
