package io.millrace.media.flv;

import io.millrace.media.codec.UnreadableMedia;

/**
 * An audio message: the classic form (FLV 10.1, E.4.2.1) or the extended one (Enhanced RTMP v2).
 *
 * @param kind what it carries
 * @param codec {@code aac}, {@code mp3}, or what it names that is not taken
 * @param from where the content begins
 * @param to where it ends
 * @param left what it has beside it that is left out, empty for nothing
 */
public record AudioTag(Kind kind, String codec, int from, int to, String left) {

    /** What a message carries. */
    public enum Kind {
        CONFIGURATION,
        FRAME,
        OTHER
    }

    private static final int EXTENDED = 9;
    private static final int AAC = 10;

    /** Packet types of the extended form. */
    private static final int SEQUENCE_START = 0;

    private static final int CODED_FRAMES = 1;
    private static final int MULTITRACK = 5;

    /** Reads the head of a message. */
    public static AudioTag read(byte[] bytes) throws UnreadableMedia {
        if (bytes.length < 2) {
            return new AudioTag(Kind.OTHER, "", bytes.length, bytes.length, "");
        }
        int id = bytes[0] >> 4 & 15;
        return switch (id) {
            case EXTENDED -> extended(bytes);
            case AAC -> new AudioTag(bytes[1] == 0 ? Kind.CONFIGURATION : Kind.FRAME, "aac", 2, bytes.length, "");
            case 2, 14 -> new AudioTag(Kind.FRAME, "mp3", 1, bytes.length, "");
            default -> new AudioTag(Kind.FRAME, "FLV codec " + id, 1, bytes.length, "");
        };
    }

    private static AudioTag extended(byte[] bytes) throws UnreadableMedia {
        ExtendedHead head = ExtendedHead.read(bytes, MULTITRACK);
        String codec =
                switch (head.codec()) {
                    case "mp4a" -> "aac";
                    case ".mp3" -> "mp3";
                    default -> VideoTag.printable(head.codec());
                };
        boolean described = codec.equals("aac");
        Kind kind =
                switch (head.type()) {
                    case SEQUENCE_START -> described ? Kind.CONFIGURATION : Kind.OTHER;
                    case CODED_FRAMES -> Kind.FRAME;
                    default -> Kind.OTHER;
                };
        return new AudioTag(kind, codec, head.from(), head.to(), head.left());
    }
}
