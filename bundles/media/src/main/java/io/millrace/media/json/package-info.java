/**
 * JSON from outside: bounded in size and depth, with the error texts of the wire.
 *
 * <p>Profiles and the transcode configuration of HTTP push are read with it.
 */
package io.millrace.media.json;
