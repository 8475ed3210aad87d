/**
 * MPEG transport streams (ISO/IEC 13818-1): taken apart for the probe, made for the RTMP ingest.
 *
 * <p>Whole segments in memory, no files, no threads.
 */
package io.millrace.media.ts;
