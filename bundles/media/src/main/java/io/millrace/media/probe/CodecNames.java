package io.millrace.media.probe;

/** The CODECS text of a playlist (RFC 6381). */
final class CodecNames {

    private CodecNames() {}

    static String join(String video, String audio) {
        if (video.isEmpty()) {
            return audio;
        }
        return audio.isEmpty() ? video : video + "," + audio;
    }
}
