/**
 * Pictures and sound as RTMP and FLV carry them, made into the byte stream forms of their codecs.
 *
 * <p>The RTMP ingest calls it with what a publisher sent.
 */
package io.millrace.media.flv;
