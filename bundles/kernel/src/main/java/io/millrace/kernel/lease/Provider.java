package io.millrace.kernel.lease;

/**
 * Whose an instance is.
 *
 * @param name symbolic name and version of its bundle, for the operator
 * @param ranking among those who offer the same; the highest is taken
 */
public record Provider(String name, int ranking) {}
