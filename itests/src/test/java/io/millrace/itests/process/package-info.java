/**
 * The distribution as a user starts it: nodes as processes, ffmpeg and HTTP as clients, playlists read by
 * another's parser and every segment decoded by another's decoder.
 */
package io.millrace.itests.process;
