/**
 * HTTP push: segments come in by PUT or POST and their renditions go back in the answer.
 *
 * <p>The {@code http} bundle calls the servlet; it hands segments to the gateway's stream gate.
 */
package io.millrace.media.push;
