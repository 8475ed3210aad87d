/**
 * The web console's door, and the node's own page in it. The framework's HTTP bridge, behind which the console
 * is, is served here only, to whoever has the password.
 */
package io.millrace.ops.console;
