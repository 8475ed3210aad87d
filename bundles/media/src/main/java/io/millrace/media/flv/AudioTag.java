package io.millrace.media.flv;

/**
 * An audio message (FLV 10.1, E.4.2.1).
 *
 * @param kind what it carries
 * @param codec {@code aac}, {@code mp3}, or what it names that is not taken
 * @param from where the content begins
 */
public record AudioTag(Kind kind, String codec, int from) {

    /** What a message carries. */
    public enum Kind {
        CONFIGURATION,
        FRAME,
        OTHER
    }

    private static final int AAC = 10;

    /** Reads the head of a message. */
    public static AudioTag read(byte[] bytes) {
        if (bytes.length < 2) {
            return new AudioTag(Kind.OTHER, "", bytes.length);
        }
        int id = bytes[0] >> 4 & 15;
        return switch (id) {
            case AAC -> new AudioTag(bytes[1] == 0 ? Kind.CONFIGURATION : Kind.FRAME, "aac", 2);
            case 2, 14 -> new AudioTag(Kind.FRAME, "mp3", 1);
            default -> new AudioTag(Kind.FRAME, "FLV codec " + id, 1);
        };
    }
}
