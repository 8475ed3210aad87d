package io.millrace.media.hls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lindstrom.m3u8.model.MediaPlaylist;
import io.lindstrom.m3u8.model.MediaSegment;
import java.util.HashMap;
import java.util.Map;

/** What RFC 8216 asks of the media playlists of one stream, all of them taken at the same moment. */
final class PlaylistRules {

    private final Map<Long, String> places = new HashMap<>();
    private int target;

    /** Takes one more of them. */
    void check(String rendition, MediaPlaylist playlist) {
        if (target > 0) {
            assertEquals(target, playlist.targetDuration(), "6.2.4: one target duration");
        }
        target = playlist.targetDuration();
        long number = playlist.mediaSequence();
        long discontinuity = playlist.discontinuitySequence();
        for (MediaSegment segment : playlist.mediaSegments()) {
            assertTrue(Math.round(segment.duration()) <= target, "4.3.3.1: " + segment.duration() + " s above " + target);
            discontinuity += segment.discontinuity() ? 1 : 0;
            String place = discontinuity + (segment.discontinuity() ? " marked" : "");
            String other = places.putIfAbsent(number, place);
            if (other != null) {
                assertEquals(other, place, "6.2.4: discontinuity of " + number + " in " + rendition);
            }
            number++;
        }
    }
}
