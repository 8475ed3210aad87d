/**
 * The settings of the node while it runs: layered from the role, the files and the command line, checked by
 * what the bundles declare, brought to the components, and changed by file, console, command or admin API,
 * which all end in the node's own file. The framework starts it; everything that has settings waits for it.
 */
package io.millrace.ops.settings;
