/**
 * The program: its command line, its settings, what it shows on the terminal, and the wiring of actors to Kafka, disk and
 * libtorch. Everything that a user types or reads passes here.
 */
@NullMarked
package dev.zooflow.app;

import org.jspecify.annotations.NullMarked;
