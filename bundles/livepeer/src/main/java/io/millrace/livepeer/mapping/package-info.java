/**
 * Messages of the wire to values of the API and back, and the byte strings that signatures are over.
 *
 * <p>Both sides of the wire call it; it does no input or output.
 */
package io.millrace.livepeer.mapping;
