package io.millrace.media.flv;

import io.millrace.media.codec.UnreadableMedia;
import java.nio.charset.StandardCharsets;

/**
 * A video message: the classic form (FLV 10.1, E.4.3.1) or the enhanced one (Enhanced RTMP v1).
 *
 * @param kind what it carries
 * @param key a keyframe
 * @param codec {@code h264}, {@code hevc}, or what it names that is not taken
 * @param shift of presentation over decoding, in milliseconds
 * @param from where the content begins
 */
public record VideoTag(Kind kind, boolean key, String codec, int shift, int from) {

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

    /** Reads the head of a message. */
    public static VideoTag read(byte[] bytes) throws UnreadableMedia {
        if (bytes.length < 2) {
            return new VideoTag(Kind.OTHER, false, "", 0, bytes.length);
        }
        return bytes[0] < 0 ? enhanced(bytes) : classic(bytes);
    }

    private static VideoTag classic(byte[] bytes) throws UnreadableMedia {
        int type = bytes[0] >> 4;
        int id = bytes[0] & 15;
        if (type == COMMAND) {
            return new VideoTag(Kind.OTHER, false, "", 0, bytes.length);
        }
        if (id != AVC && id != HEVC) {
            return new VideoTag(Kind.PICTURE, type == KEYFRAME, "FLV codec " + id, 0, 1);
        }
        need(bytes, 5);
        Kind kind =
                switch (bytes[1]) {
                    case 0 -> Kind.CONFIGURATION;
                    case 1 -> Kind.PICTURE;
                    default -> Kind.OTHER;
                };
        return new VideoTag(kind, type == KEYFRAME, id == AVC ? "h264" : "hevc", signed24(bytes, 2), 5);
    }

    private static VideoTag enhanced(byte[] bytes) throws UnreadableMedia {
        need(bytes, 5);
        boolean key = (bytes[0] >> 4 & 7) == KEYFRAME;
        boolean command = (bytes[0] >> 4 & 7) == COMMAND;
        String name = new String(bytes, 1, 4, StandardCharsets.ISO_8859_1);
        String codec =
                switch (name) {
                    case "avc1" -> "h264";
                    case "hvc1" -> "hevc";
                    default -> name.replaceAll("[^\\x20-\\x7e]", "?"); // it goes into a log line
                };
        boolean shifted = codec.equals("h264") || codec.equals("hevc");
        int type = bytes[0] & 15;
        if (command) {
            return new VideoTag(Kind.OTHER, false, codec, 0, bytes.length);
        }
        if (type == 1 && shifted) {
            need(bytes, 8);
            return new VideoTag(Kind.PICTURE, key, codec, signed24(bytes, 5), 8);
        }
        Kind kind = type == 0 ? Kind.CONFIGURATION : type == 1 || type == 3 ? Kind.PICTURE : Kind.OTHER;
        return new VideoTag(kind, key, codec, 0, 5);
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
