/**
 * The RTMP ingest: encoders publish to it, segments of their streams go to the gateway.
 *
 * <p>One virtual thread for each connection; blocking sockets; every size, number and wait bounded.
 */
package io.millrace.media.rtmp;
