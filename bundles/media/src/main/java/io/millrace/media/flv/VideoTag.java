package io.millrace.media.flv;

import io.millrace.media.codec.UnreadableMedia;

/**
 * A video message: the classic form (FLV 10.1, E.4.3.1) or the enhanced one (Enhanced RTMP v1 and v2).
 *
 * @param kind what it carries
 * @param key a keyframe
 * @param codec {@code h264}, {@code hevc}, or what it names that is not taken
 * @param shift of presentation over decoding, in milliseconds
 * @param from where the content begins
 * @param to where it ends
 * @param left what it has beside it that is left out, empty for nothing
 */
public record VideoTag(Kind kind, boolean key, String codec, int shift, int from, int to, String left) {

    /** What a message carries. */
    public enum Kind {
        CONFIGURATION,
        PICTURE,
        /** Nothing to keep: end of sequence, metadata, commands. */
        OTHER
    }

    private static final int KEYFRAME = 1;
    private static final int COMMAND = 5;
    private static final int AVC = 7;
    private static final int HEVC = 12; // an older custom of some encoders

    /** Packet types of the enhanced form. */
    private static final int SEQUENCE_START = 0;

    private static final int CODED_FRAMES = 1;
    private static final int CODED_FRAMES_UNSHIFTED = 3;
    private static final int MULTITRACK = 6;

    /** Reads the head of a message. */
    public static VideoTag read(byte[] bytes) throws UnreadableMedia {
        if (bytes.length < 2) {
            return other(bytes);
        }
        return bytes[0] < 0 ? enhanced(bytes) : classic(bytes);
    }

    private static VideoTag classic(byte[] bytes) throws UnreadableMedia {
        int type = bytes[0] >> 4;
        int id = bytes[0] & 15;
        if (type == COMMAND) {
            return other(bytes);
        }
        if (id != AVC && id != HEVC) {
            return new VideoTag(Kind.PICTURE, type == KEYFRAME, "FLV codec " + id, 0, 1, bytes.length, "");
        }
        need(bytes, 5);
        Kind kind =
                switch (bytes[1]) {
                    case 0 -> Kind.CONFIGURATION;
                    case 1 -> Kind.PICTURE;
                    default -> Kind.OTHER;
                };
        String codec = id == AVC ? "h264" : "hevc";
        return new VideoTag(kind, type == KEYFRAME, codec, signed24(bytes, 2), 5, bytes.length, "");
    }

    private static VideoTag enhanced(byte[] bytes) throws UnreadableMedia {
        boolean key = (bytes[0] >> 4 & 7) == KEYFRAME;
        if ((bytes[0] >> 4 & 7) == COMMAND) {
            return other(bytes);
        }
        ExtendedHead head = ExtendedHead.read(bytes, MULTITRACK);
        String codec =
                switch (head.codec()) {
                    case "avc1" -> "h264";
                    case "hvc1" -> "hevc";
                    default -> printable(head.codec());
                };
        boolean shifted = head.type() == CODED_FRAMES && (codec.equals("h264") || codec.equals("hevc"));
        if (shifted && head.to() - head.from() < 3) {
            throw new UnreadableMedia("a video message ends too early");
        }
        Kind kind =
                switch (head.type()) {
                    case SEQUENCE_START -> Kind.CONFIGURATION;
                    case CODED_FRAMES, CODED_FRAMES_UNSHIFTED -> Kind.PICTURE;
                    default -> Kind.OTHER;
                };
        int shift = shifted ? signed24(bytes, head.from()) : 0;
        int from = head.from() + (shifted ? 3 : 0);
        return new VideoTag(kind, key, codec, shift, from, head.to(), head.left());
    }

    private static VideoTag other(byte[] bytes) {
        return new VideoTag(Kind.OTHER, false, "", 0, bytes.length, bytes.length, "");
    }

    /** Fit for a log line. */
    static String printable(String codec) {
        return codec.replaceAll("[^\\x20-\\x7e]", "?");
    }

    private static int signed24(byte[] bytes, int at) {
        return bytes[at] << 16 | (bytes[at + 1] & 0xff) << 8 | bytes[at + 2] & 0xff;
    }

    private static void need(byte[] bytes, int count) throws UnreadableMedia {
        if (bytes.length < count) {
            throw new UnreadableMedia("a video message ends too early");
        }
    }
}
