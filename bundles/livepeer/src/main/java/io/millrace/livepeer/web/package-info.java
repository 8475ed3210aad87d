/**
 * Calls over HTTP to nodes whose certificates nobody vouches for, bounded in time and size.
 *
 * <p>Both sides of the wire call it.
 */
package io.millrace.livepeer.web;
