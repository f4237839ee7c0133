/**
 * Where large payloads lie, chosen by a path or URI: a directory or S3-compatible object storage; and the sweep that frees
 * what nothing refers to. The only package that imports the client of the object storage.
 */
@NullMarked
package dev.zooflow.blob;

import org.jspecify.annotations.NullMarked;
