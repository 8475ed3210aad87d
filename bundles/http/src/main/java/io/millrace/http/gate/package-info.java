/**
 * Permanent servlets that stand in for the servlets of bundles which come and go.
 *
 * <p>The server calls it with requests, the component with servlets that were found and lost.
 */
package io.millrace.http.gate;
