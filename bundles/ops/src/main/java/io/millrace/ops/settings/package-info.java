/**
 * The settings of a run, from the file the launcher wrote into the framework's configuration. The
 * framework starts it; everything that has settings waits for it.
 */
package io.millrace.ops.settings;
