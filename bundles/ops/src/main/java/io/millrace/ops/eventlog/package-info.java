/**
 * Tells a person what the node does: few lines on the console, all of them in the log file. The kernel
 * calls it with each event.
 */
package io.millrace.ops.eventlog;
