/**
 * Who this node is to others when nothing else says so.
 *
 * <p>Both sides of the wire call it.
 */
package io.millrace.livepeer.identity;
