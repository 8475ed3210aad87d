package io.millrace.itests.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lindstrom.m3u8.model.MasterPlaylist;
import io.lindstrom.m3u8.model.MediaPlaylist;
import io.lindstrom.m3u8.model.MediaSegment;
import io.lindstrom.m3u8.model.Variant;
import io.lindstrom.m3u8.parser.MasterPlaylistParser;
import io.lindstrom.m3u8.parser.MediaPlaylistParser;
import io.lindstrom.m3u8.parser.ParsingMode;
import io.lindstrom.m3u8.parser.PlaylistParserException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Reads a stream as a player does; the playlists must pass another's strict parser. */
final class Viewer {

    private final Web web = new Web();
    private final URI master;

    Viewer(URI http, String stream) {
        master = http.resolve("/stream/" + stream + ".m3u8");
    }

    /** The master playlist, once there is one. */
    Optional<MasterPlaylist> master() {
        return text(master).map(Viewer::parsedMaster);
    }

    /** Waits until the master playlist lists so many renditions, the source included. */
    MasterPlaylist awaitRenditions(int count) {
        return Await.until(
                count + " renditions at " + master,
                () -> master().filter(playlist -> playlist.variants().size() == count));
    }

    /** All media playlists by the name of their rendition, in the order of the master playlist. */
    Map<String, MediaPlaylist> playlists() {
        return master().orElseThrow().variants().stream()
                .collect(Collectors.toMap(Viewer::name, this::media, (a, b) -> b, LinkedHashMap::new));
    }

    /** The media playlist of a variant. */
    MediaPlaylist media(Variant variant) {
        return parsedMedia(text(master.resolve(variant.uri())).orElseThrow());
    }

    /** The source's media playlist, once there is one. */
    Optional<MediaPlaylist> source() {
        return text(master.resolve(master.getPath().replace(".m3u8", "/source.m3u8"))).map(Viewer::parsedMedia);
    }

    /** Waits until the source has so many segments. */
    void awaitSegments(int count) {
        Await.that(count + " segments at " + master, () -> source()
                .filter(playlist -> playlist.mediaSegments().size() >= count)
                .isPresent());
    }

    /** Waits until the stream has ended. */
    void awaitEnd() {
        Await.that("the end of " + master, () -> source().filter(playlist -> !playlist.ongoing()).isPresent());
    }

    /** A segment's bytes. */
    byte[] segment(MediaSegment segment) {
        HttpResponse<byte[]> answer = web.get(master.resolve(segment.uri()));
        assertEquals(200, answer.statusCode(), segment.uri());
        return answer.body();
    }

    /** Every listed segment of a rendition decoded, by its media sequence number; gaps have none. */
    Map<Long, Ffmpeg.Decoded> decodeAll(MediaPlaylist playlist) {
        Map<Long, Ffmpeg.Decoded> decoded = new TreeMap<>();
        long number = playlist.mediaSequence();
        for (MediaSegment segment : playlist.mediaSegments()) {
            if (!segment.gap()) {
                decoded.put(number, Ffmpeg.decode(segment(segment)));
            }
            number++;
        }
        return decoded;
    }

    /** The rendition's name, from its playlist's address. */
    static String name(Variant variant) {
        return variant.uri().replaceFirst(".*/", "").replaceFirst("\\.m3u8$", "");
    }

    /** How many segments a rendition lacks. */
    static long gaps(MediaPlaylist playlist) {
        return playlist.mediaSegments().stream().filter(MediaSegment::gap).count();
    }

    private Optional<String> text(URI uri) {
        HttpResponse<byte[]> answer = web.get(uri);
        return answer.statusCode() == 200
                ? Optional.of(new String(answer.body(), StandardCharsets.UTF_8))
                : Optional.empty();
    }

    private static MasterPlaylist parsedMaster(String text) {
        try {
            return new MasterPlaylistParser(ParsingMode.STRICT).readPlaylist(text);
        } catch (PlaylistParserException e) {
            throw new AssertionError(text, e);
        }
    }

    private static MediaPlaylist parsedMedia(String text) {
        try {
            return new MediaPlaylistParser(ParsingMode.STRICT).readPlaylist(text);
        } catch (PlaylistParserException e) {
            throw new AssertionError(text, e);
        }
    }
}
