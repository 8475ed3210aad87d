package io.millrace.kernel.lease;

/**
 * Who offers an instance.
 *
 * @param name symbolic name and version of the bundle, for the operator
 * @param ranking among those who offer the same port; the highest is called
 */
public record Provider(String name, int ranking) {}
