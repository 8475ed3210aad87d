/**
 * The way to an orchestrator, which may be replaced while calls run.
 *
 * <p>Discovery, sessions and attempts call it.
 */
package io.millrace.kernel.gateway.reach;
