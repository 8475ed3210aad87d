/**
 * Starts a node and talks to a running one: what is behind {@code bin/millrace}.
 *
 * <p>It runs outside the framework and knows the bundles only by the names in {@code features/}.
 */
package io.millrace.launcher;
