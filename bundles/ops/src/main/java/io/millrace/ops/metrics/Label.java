package io.millrace.ops.metrics;

/** A label of a sample. */
record Label(String name, String value) {}
