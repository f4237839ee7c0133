/**
 * How groups of networks are judged: accuracy and loss, novelty against the training networks, diversity, model averaging,
 * loss barriers, and the baselines that every generator is measured against.
 */
@NullMarked
package dev.zooflow.eval;

import org.jspecify.annotations.NullMarked;
