/**
 * Bounds on request bodies: how large, and how slow.
 *
 * <p>The server puts every request through it; a gate lifts the bounds for servlets that declare open bodies.
 */
package io.millrace.http.body;
