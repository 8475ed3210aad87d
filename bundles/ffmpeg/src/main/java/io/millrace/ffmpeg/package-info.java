/**
 * Segments into renditions with FFmpeg, in process.
 *
 * <p>The kernel's orchestrator calls it through {@link io.millrace.api.compute.Pipeline}.
 */
package io.millrace.ffmpeg;
