/**
 * Runs in an MLflow tracking server, by its REST API: a run for the experiment, one below it for each flow, with parameters,
 * metrics, tags and artefacts, from the events of the run.
 */
@NullMarked
package dev.zooflow.mlflow;

import org.jspecify.annotations.NullMarked;
