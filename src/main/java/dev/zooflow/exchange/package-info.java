/**
 * Networks in files that others write and read: safetensors, NumPy, HDF5. What is read is checked against the architecture
 * before anything is made of it.
 */
@NullMarked
package dev.zooflow.exchange;

import org.jspecify.annotations.NullMarked;
