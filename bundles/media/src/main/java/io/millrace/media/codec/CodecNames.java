package io.millrace.media.codec;

/** The CODECS text of a playlist (RFC 6381). */
public final class CodecNames {

    private CodecNames() {}

    /** The video name, the audio name, or both with a comma. */
    public static String join(String video, String audio) {
        if (video.isEmpty()) {
            return audio;
        }
        return audio.isEmpty() ? video : video + "," + audio;
    }
}
