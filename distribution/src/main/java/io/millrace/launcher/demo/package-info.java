/**
 * {@code bin/millrace demo}: a stream from end to end, to look at.
 *
 * <p>It starts a gateway and an orchestrator as processes of their own, publishes to the one and reports.
 */
package io.millrace.launcher.demo;
