/**
 * What coded pictures and sounds say about themselves: parameter sets, frame headers, codec names.
 *
 * <p>The probe and the RTMP ingest call it. Everything it reads is hostile until parsed.
 */
package io.millrace.media.codec;
