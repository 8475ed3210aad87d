/**
 * Find, ask and choose: who is out there, what they offer, and which session takes the next job.
 *
 * <p>The gateway's streams and requests call it, one pool each.
 */
package io.millrace.kernel.gateway.find;
