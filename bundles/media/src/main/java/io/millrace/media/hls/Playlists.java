package io.millrace.media.hls;

import io.millrace.api.gateway.MediaInfo;
import io.millrace.api.value.ManifestId;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** Writes playlists (RFC 8216 and its successor's GAP tag) with go-livepeer's paths. */
final class Playlists {

    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final String HEAD = """
            #EXTM3U
            #EXT-X-VERSION:6
            #EXT-X-INDEPENDENT-SEGMENTS
            """;

    private Playlists() {}

    /** The master playlist with these renditions. */
    static String master(ManifestId manifest, List<Track> tracks) {
        StringBuilder out = new StringBuilder(HEAD);
        for (Track track : tracks) {
            out.append("#EXT-X-STREAM-INF:BANDWIDTH=").append(track.bandwidth().peak());
            out.append(",AVERAGE-BANDWIDTH=").append(track.bandwidth().average());
            track.info().ifPresent(info -> attributes(out, info));
            out.append('\n');
            out.append(escaped(manifest.value())).append('/').append(escaped(track.name())).append(".m3u8\n");
        }
        return out.toString();
    }

    private static void attributes(StringBuilder out, MediaInfo info) {
        if (!info.codecs().isEmpty()) {
            out.append(",CODECS=\"").append(info.codecs()).append('"');
        }
        if (info.width() > 0 && info.height() > 0) {
            out.append(",RESOLUTION=").append(info.width()).append('x').append(info.height());
        }
        if (info.framesPerSecond() > 0) {
            out.append(String.format(Locale.ROOT, ",FRAME-RATE=%.3f", info.framesPerSecond()));
        }
    }

    /**
     * The media playlist of one rendition.
     *
     * @param instance tells the addresses of this stream's segments from those of earlier ones of its name, which caches
     *     may still hold
     */
    static String media(ManifestId manifest, String instance, Track track, int targetSeconds, boolean ended) {
        List<PlaylistEntry> listed = track.listed();
        SegmentSlot first = listed.getFirst().slot();
        StringBuilder out = new StringBuilder(HEAD);
        out.append("#EXT-X-TARGETDURATION:").append(targetSeconds).append('\n');
        out.append("#EXT-X-MEDIA-SEQUENCE:").append(first.number()).append('\n');
        int discontinuity = first.breaks() - (first.broken() ? 1 : 0);
        if (discontinuity > 0) {
            out.append("#EXT-X-DISCONTINUITY-SEQUENCE:").append(discontinuity).append('\n');
        }
        String folder = "/stream/" + escaped(manifest.value()) + "/" + escaped(track.name()) + "/" + instance + "/";
        for (PlaylistEntry entry : listed) {
            if (entry.slot().broken()) {
                out.append("#EXT-X-DISCONTINUITY\n");
            }
            out.append("#EXT-X-PROGRAM-DATE-TIME:")
                    .append(DATE.format(entry.slot().date()))
                    .append('\n');
            if (entry.isGap()) {
                out.append("#EXT-X-GAP\n");
            }
            long millis = entry.slot().duration().toMillis();
            out.append(String.format(Locale.ROOT, "#EXTINF:%d.%03d,\n", millis / 1000, millis % 1000));
            out.append(folder).append(entry.slot().sequence()).append(track.extension()).append('\n');
        }
        return ended ? out.append("#EXT-X-ENDLIST\n").toString() : out.toString();
    }

    /** A name as one or more path elements: everything but letters, digits and {@code -._~/} escaped. */
    private static String escaped(String name) {
        StringBuilder out = new StringBuilder(name.length());
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            int c = b & 0xff;
            if (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || "-._~/".indexOf(c) >= 0) {
                out.append((char) c);
            } else {
                out.append(String.format("%%%02X", c));
            }
        }
        return out.toString();
    }
}
