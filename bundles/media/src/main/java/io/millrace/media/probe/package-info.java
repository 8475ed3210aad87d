/**
 * Says what a segment holds and how long it is, by reading it, without a codec.
 *
 * <p>The HTTP push ingest calls it for each segment received, the HLS origin for each rendition.
 */
package io.millrace.media.probe;
