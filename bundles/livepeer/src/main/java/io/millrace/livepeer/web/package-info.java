/**
 * Bodies of HTTP, and calls over HTTP to nodes whose certificates nobody vouches for: bounded in time and size, charged
 * to the node's memory, and to addresses that the node's guard allowed.
 *
 * <p>Both sides of the wire call it.
 */
package io.millrace.livepeer.web;
