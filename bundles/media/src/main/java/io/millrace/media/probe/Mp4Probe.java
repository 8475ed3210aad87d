package io.millrace.media.probe;

import io.millrace.api.gateway.MediaInfo;
import io.millrace.api.job.VideoProfile.Container;
import io.millrace.media.codec.CodecNames;
import io.millrace.media.codec.AudioFormat;
import io.millrace.media.codec.FrameRate;
import io.millrace.media.codec.UnreadableMedia;
import io.millrace.media.codec.VideoFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads an MP4 file, plain or fragmented, that carries its own header. */
final class Mp4Probe {

    private static final Set<String> FIRST =
            Set.of("ftyp", "styp", "moov", "moof", "mdat", "free", "skip", "wide", "sidx");

    /** Tracks looked at, at most. */
    private static final int MAX_TRACKS = 16;

    private final Boxes boxes = new Boxes();
    private final byte[] bytes;
    private final List<Mp4Track> tracks = new ArrayList<>();

    private Mp4Probe(byte[] bytes) {
        this.bytes = bytes;
    }

    static boolean detects(byte[] bytes) {
        return bytes.length >= 8 && FIRST.contains(Boxes.type(bytes, 4));
    }

    static SegmentProbe.Found probe(byte[] bytes) throws UnreadableMedia {
        return new Mp4Probe(bytes).run();
    }

    /** How many boxes a file makes it read: what its time grows with. For tests. */
    static int boxesOf(byte[] bytes) throws UnreadableMedia {
        Mp4Probe probe = new Mp4Probe(bytes);
        probe.run();
        return probe.boxes.visited();
    }

    private SegmentProbe.Found run() throws UnreadableMedia {
        boxes.visit(bytes, 0, bytes.length, this::top);
        if (tracks.isEmpty()) {
            throw new UnreadableMedia("it is an MP4 file without its header (moov)");
        }
        Mp4Track video = first(true);
        Mp4Track audio = first(false);
        if (video == null && audio == null) {
            throw new UnreadableMedia("it has neither picture nor sound");
        }
        VideoFormat picture = video == null ? VideoFormat.unknown("") : video.entry().video();
        AudioFormat sound = audio == null ? new AudioFormat("", 0, "") : audio.entry().audio();
        boolean aside = video != null && video.aside();
        double rate = video == null || video.seconds() == 0 ? 0 : video.samples() / video.seconds();
        MediaInfo info = new MediaInfo(
                Container.MP4,
                picture.codec(),
                sound.codec(),
                aside ? picture.height() : picture.width(),
                aside ? picture.width() : picture.height(),
                picture.pixelFormat(),
                FrameRate.settle(0, rate),
                CodecNames.join(picture.name(), sound.name()),
                video == null ? 0 : (int) video.samples());
        double seconds = video == null ? audio.seconds() : video.seconds();
        return new SegmentProbe.Found(info, Duration.ofMillis(Math.round(seconds * 1000)));
    }

    private Mp4Track first(boolean video) {
        return tracks.stream()
                .filter(track -> (video ? track.entry().video() : track.entry().audio()) != null)
                .findFirst()
                .orElse(null);
    }

    private void top(String type, int from, int to) throws UnreadableMedia {
        switch (type) {
            case "moov" -> boxes.visit(bytes, from, to, this::header);
            case "moof" -> boxes.visit(bytes, from, to, this::fragment);
            default -> {
                // The samples themselves are not read.
            }
        }
    }

    private void header(String type, int from, int to) throws UnreadableMedia {
        if (type.equals("trak") && tracks.size() < MAX_TRACKS) {
            tracks.add(new Mp4Track(boxes, bytes, from, to));
        } else if (type.equals("mvex")) {
            boxes.visit(
                    bytes,
                    from,
                    to,
                    (inner, begin, end) -> {
                        if (inner.equals("trex")) {
                            Boxes.need(begin, end, 24);
                            Mp4Track track = byId(Boxes.int32(bytes, begin + 4));
                            if (track != null) {
                                track.defaults(begin, end);
                            }
                        }
                    });
        }
    }

    private void fragment(String type, int from, int to) throws UnreadableMedia {
        if (!type.equals("traf")) {
            return;
        }
        // A track fragment has exactly one header (8.8.7). One visit for each that a file repeats would take time
        // that grows with the square of its size.
        int[] first = new int[2];
        boxes.visit(
                bytes,
                from,
                to,
                (inner, begin, end) -> {
                    if (inner.equals("tfhd") && first[0] == 0) {
                        first[0] = begin;
                        first[1] = end;
                    }
                });
        if (first[0] > 0) {
            Boxes.need(first[0], first[1], 8);
            Mp4Track track = byId(Boxes.int32(bytes, first[0] + 4));
            if (track != null) {
                track.fragment(first[0], first[1], from, to);
            }
        }
    }

    private Mp4Track byId(long id) {
        return tracks.stream().filter(track -> track.id() == id).findFirst().orElse(null);
    }
}
