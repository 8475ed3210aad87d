package io.millrace.media.codec;

/**
 * An audio track's format.
 *
 * @param codec FFmpeg's name: {@code aac}, {@code mp3}, {@code opus}, {@code ac3} and so on
 * @param sampleRate in hertz, 0 when unknown
 * @param name RFC 6381 text, empty when unknown
 */
public record AudioFormat(String codec, int sampleRate, String name) {

    /** A format that has one name only. */
    public static AudioFormat of(String codec) {
        String name =
                switch (codec) {
                    case "mp3" -> "mp4a.40.34";
                    case "ac3" -> "ac-3";
                    case "eac3" -> "ec-3";
                    case "opus", "flac", "vorbis" -> codec;
                    default -> "";
                };
        return new AudioFormat(codec, 0, name);
    }
}
