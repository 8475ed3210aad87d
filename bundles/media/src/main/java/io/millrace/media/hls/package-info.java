/**
 * The HLS origin: playlists and segments of running and just ended streams, from memory.
 *
 * <p>The gateway publishes to it; the {@code http} bundle calls its servlet for viewers.
 */
package io.millrace.media.hls;
