/**
 * What an operator may ask of the node, whatever roles it has.
 *
 * <p>The operator's bundle calls it through the port {@code NodeControl}.
 */
package io.millrace.kernel.control;
