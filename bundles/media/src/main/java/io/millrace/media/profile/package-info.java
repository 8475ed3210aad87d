/**
 * The renditions that are asked for: presets by name, profiles as JSON, the node's default ladder.
 *
 * <p>RTMP and HTTP push ask the ladder for each stream; HTTP push also reads profiles from a header.
 */
package io.millrace.media.profile;
