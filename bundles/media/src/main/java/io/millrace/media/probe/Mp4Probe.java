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

    private final byte[] bytes;
    private final List<Mp4Track> tracks = new ArrayList<>();

    private Mp4Probe(byte[] bytes) {
        this.bytes = bytes;
    }

    static boolean detects(byte[] bytes) {
        return bytes.length >= 8 && FIRST.contains(Boxes.type(bytes, 4));
    }

    static Probed probe(byte[] bytes) throws UnreadableMedia {
        return new Mp4Probe(bytes).run();
    }

    private Probed run() throws UnreadableMedia {
        Boxes.visit(bytes, 0, bytes.length, this::top);
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
        double rate = video == null || video.seconds() == 0 ? 0 : video.samples() / video.seconds();
        MediaInfo info =
                new MediaInfo(
                        Container.MP4,
                        picture.codec(),
                        sound.codec(),
                        picture.width(),
                        picture.height(),
                        picture.pixelFormat(),
                        FrameRate.settle(0, rate),
                        CodecNames.join(picture.name(), sound.name()),
                        video == null ? 0 : (int) video.samples());
        Mp4Track timed = video == null || video.samples() == 0 && audio != null ? audio : video;
        Duration duration = Duration.ofNanos(Math.round(timed.seconds() * 1e9));
        return new Probed(info, duration, timed.start(), video != null && video.startsWithKeyframe());
    }

    private Mp4Track first(boolean video) {
        return tracks.stream()
                .filter(track -> (video ? track.entry().video() : track.entry().audio()) != null)
                .findFirst()
                .orElse(null);
    }

    private void top(String type, int from, int to) throws UnreadableMedia {
        switch (type) {
            case "moov" -> Boxes.visit(bytes, from, to, this::header);
            case "moof" -> Boxes.visit(bytes, from, to, this::fragment);
            default -> {
                // The samples themselves are not read.
            }
        }
    }

    private void header(String type, int from, int to) throws UnreadableMedia {
        if (type.equals("trak") && tracks.size() < MAX_TRACKS) {
            tracks.add(new Mp4Track(bytes, from, to));
        } else if (type.equals("mvex")) {
            Boxes.visit(
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
        Boxes.visit(
                bytes,
                from,
                to,
                (inner, begin, end) -> {
                    if (inner.equals("tfhd")) {
                        Boxes.need(begin, end, 8);
                        Mp4Track track = byId(Boxes.int32(bytes, begin + 4));
                        if (track != null) {
                            track.fragment(begin, end, from, to);
                        }
                    }
                });
    }

    private Mp4Track byId(long id) {
        return tracks.stream().filter(track -> track.id() == id).findFirst().orElse(null);
    }
}
