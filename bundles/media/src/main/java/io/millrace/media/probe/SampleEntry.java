package io.millrace.media.probe;

import io.millrace.media.codec.Aac;
import io.millrace.media.codec.AudioFormat;
import io.millrace.media.codec.AvcSps;
import io.millrace.media.codec.HevcSps;
import io.millrace.media.codec.UnreadableMedia;
import io.millrace.media.codec.VideoFormat;

/** Reads a sample description (ISO/IEC 14496-12, 8.5.2): one of the two formats, or neither. */
record SampleEntry(VideoFormat video, AudioFormat audio) {

    private static final SampleEntry OTHER = new SampleEntry(null, null);

    private static final int VIDEO_FIELDS = 78;
    private static final int AUDIO_FIELDS = 28;

    static SampleEntry read(Boxes boxes, byte[] bytes, String type, int from, int to) throws UnreadableMedia {
        return switch (type) {
            case "avc1", "avc3", "hvc1", "hev1", "vp08", "vp09", "av01" -> video(boxes, bytes, type, from, to);
            case "mp4a" -> new SampleEntry(null, mp4Audio(boxes, bytes, from, to));
            case "Opus" -> new SampleEntry(null, AudioFormat.of("opus"));
            case ".mp3" -> new SampleEntry(null, AudioFormat.of("mp3"));
            case "ac-3" -> new SampleEntry(null, AudioFormat.of("ac3"));
            case "ec-3" -> new SampleEntry(null, AudioFormat.of("eac3"));
            case "fLaC" -> new SampleEntry(null, AudioFormat.of("flac"));
            default -> OTHER;
        };
    }

    private static SampleEntry video(Boxes boxes, byte[] bytes, String type, int from, int to)
            throws UnreadableMedia {
        Boxes.need(from, to, VIDEO_FIELDS);
        int width = Boxes.int16(bytes, from + 24);
        int height = Boxes.int16(bytes, from + 26);
        VideoFormat[] found = new VideoFormat[1];
        boxes.visit(
                bytes,
                from + VIDEO_FIELDS,
                to,
                (box, begin, end) -> {
                    switch (box) {
                        case "avcC" -> found[0] = avc(bytes, begin, end);
                        case "hvcC" -> found[0] = hevc(bytes, type, begin, end);
                        case "vpcC" -> found[0] = vp(bytes, type, width, height, begin, end);
                        default -> {
                            // Colour, aspect and bitrate say nothing that is asked for.
                        }
                    }
                });
        if (found[0] != null) {
            return new SampleEntry(found[0], null);
        }
        String codec =
                switch (type) {
                    case "avc1", "avc3" -> "h264";
                    case "hvc1", "hev1" -> "hevc";
                    case "vp08" -> "vp8";
                    case "vp09" -> "vp9";
                    default -> "av1";
                };
        return new SampleEntry(new VideoFormat(codec, width, height, "", 0, ""), null);
    }

    private static VideoFormat avc(byte[] bytes, int from, int to) throws UnreadableMedia {
        Boxes.need(from, to, 8);
        if ((bytes[from + 5] & 0x1f) == 0) {
            return VideoFormat.unknown("h264");
        }
        int length = Boxes.int16(bytes, from + 6);
        Boxes.need(from + 8, to, length);
        return AvcSps.parse(bytes, from + 8, from + 8 + length).format();
    }

    private static VideoFormat hevc(byte[] bytes, String type, int from, int to) throws UnreadableMedia {
        Boxes.need(from, to, 23);
        int at = from + 23;
        for (int arrays = bytes[from + 22] & 0xff; arrays > 0 && at + 3 <= to; arrays--) {
            int unit = bytes[at] & 0x3f;
            int count = Boxes.int16(bytes, at + 1);
            at += 3;
            for (int i = 0; i < count && at + 2 <= to; i++) {
                int length = Boxes.int16(bytes, at);
                Boxes.need(at + 2, to, length);
                if (unit == 33) {
                    VideoFormat format = HevcSps.parse(bytes, at + 2, at + 2 + length);
                    return new VideoFormat(
                            "hevc",
                            format.width(),
                            format.height(),
                            format.pixelFormat(),
                            0,
                            format.name().replace("hvc1", type));
                }
                at += 2 + length;
            }
        }
        return VideoFormat.unknown("hevc");
    }

    private static VideoFormat vp(byte[] bytes, String type, int width, int height, int from, int to)
            throws UnreadableMedia {
        Boxes.need(from, to, 8);
        int profile = bytes[from + 4] & 0xff;
        int level = bytes[from + 5] & 0xff;
        int depth = bytes[from + 6] >> 4 & 15;
        int chroma = bytes[from + 6] >> 1 & 7;
        String name = String.format("%s.%02d.%02d.%02d", type, profile, level, depth);
        String sampling = chroma == 3 ? "yuv444p" : chroma == 2 ? "yuv422p" : "yuv420p";
        String pixels = sampling + (depth > 8 ? depth + "le" : "");
        return new VideoFormat(type.equals("vp08") ? "vp8" : "vp9", width, height, pixels, 0, name);
    }

    private static AudioFormat mp4Audio(Boxes boxes, byte[] bytes, int from, int to) throws UnreadableMedia {
        Boxes.need(from, to, AUDIO_FIELDS);
        int version = Boxes.int16(bytes, from + 8); // QuickTime's versions 1 and 2 add fields
        int fields = AUDIO_FIELDS + (version == 1 ? 16 : version == 2 ? 36 : 0);
        AudioFormat[] found = {AudioFormat.of("aac")};
        Boxes.Visitor descriptor =
                (box, begin, end) -> {
                    if (box.equals("esds")) {
                        found[0] = elementary(bytes, begin + 4, end);
                    }
                };
        boxes.visit(
                bytes,
                Math.min(to, from + fields),
                to,
                (box, begin, end) -> {
                    if (box.equals("wave")) {
                        boxes.visit(bytes, begin, end, descriptor);
                    } else {
                        descriptor.box(box, begin, end);
                    }
                });
        return found[0];
    }

    /** Follows the descriptors of ISO/IEC 14496-1, 7.2.6: stream, decoder, decoder's own. */
    private static AudioFormat elementary(byte[] bytes, int from, int to) throws UnreadableMedia {
        int at = from;
        int object = 0x40;
        while (at + 2 <= to) {
            int tag = bytes[at++];
            int length = 0;
            int more = 0x80;
            for (int i = 0; i < 4 && (more & 0x80) != 0 && at < to; i++) {
                more = bytes[at++];
                length = length << 7 | more & 0x7f;
            }
            switch (tag) {
                case 3 -> at += 3 + optionalFields(at + 2 < to ? bytes[at + 2] : 0);
                case 4 -> {
                    Boxes.need(at, to, 13);
                    object = bytes[at] & 0xff;
                    at += 13;
                }
                case 5 -> {
                    Boxes.need(at, to, length);
                    return object == 0x40 ? Aac.parseConfig(bytes, at, at + length).format() : byObject(object);
                }
                default -> at += length;
            }
        }
        return byObject(object);
    }

    private static int optionalFields(int flags) {
        return ((flags & 0x80) == 0 ? 0 : 2) + ((flags & 0x20) == 0 ? 0 : 2);
    }

    private static AudioFormat byObject(int object) {
        return object == 0x69 || object == 0x6b ? AudioFormat.of("mp3") : AudioFormat.of("aac");
    }
}
