/**
 * A running stream of coded pictures and sound becomes segments.
 *
 * <p>The RTMP ingest calls it, on the thread of its connection.
 */
package io.millrace.media.cut;
