package io.millrace.media.flv;

import io.millrace.media.codec.UnreadableMedia;
import java.nio.charset.StandardCharsets;

/**
 * The head of an extended audio or video message (Enhanced RTMP v2, "Extended AudioTagHeader" and "Extended
 * VideoTagHeader"), after its modifiers and up to the content of the first track, track 0.
 *
 * @param type packet type of the content
 * @param codec four letters, as a stranger wrote them
 * @param from where the content begins
 * @param to where it ends
 * @param left what the message has beside it that is left out, empty for nothing; fit for a log line
 */
record ExtendedHead(int type, String codec, int from, int to, String left) {

    private static final int MODIFIER = 7;
    private static final int ONE_TRACK = 0;
    private static final int MANY_CODECS = 2;

    /** The content is that of another track. */
    static final int OTHER_TRACK = -1;

    /**
     * Reads it.
     *
     * @param multitrack the packet type that means several tracks
     */
    static ExtendedHead read(byte[] bytes, int multitrack) throws UnreadableMedia {
        int type = bytes[0] & 15;
        int at = 1;
        while (type == MODIFIER) {
            // What is known of them, nanoseconds of a timestamp, is finer than the times here.
            need(bytes, at, 1);
            int size = (bytes[at++] & 0xff) + 1;
            if (size == 256) {
                need(bytes, at, 2);
                size = ((bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff) + 1;
                at += 2;
            }
            need(bytes, at, size + 1);
            at += size;
            type = bytes[at++] & 15;
        }
        if (type != multitrack) {
            need(bytes, at, 4);
            return new ExtendedHead(type, fourLetters(bytes, at), at + 4, bytes.length, "");
        }
        need(bytes, at, 1);
        int kind = bytes[at] >> 4 & 15;
        type = bytes[at++] & 15;
        String codec = "";
        if (kind != MANY_CODECS) {
            need(bytes, at, 4);
            codec = fourLetters(bytes, at);
            at += 4;
        }
        ExtendedHead first = new ExtendedHead(OTHER_TRACK, "", bytes.length, bytes.length, "");
        boolean others = false;
        while (at < bytes.length) {
            if (kind == MANY_CODECS) {
                need(bytes, at, 4);
                codec = fourLetters(bytes, at);
                at += 4;
            }
            need(bytes, at, 1);
            int track = bytes[at++] & 0xff;
            int end = bytes.length;
            if (kind != ONE_TRACK) {
                need(bytes, at, 3);
                int size = (bytes[at] & 0xff) << 16 | (bytes[at + 1] & 0xff) << 8 | bytes[at + 2] & 0xff;
                at += 3;
                need(bytes, at, size);
                end = at + size;
            }
            if (track == 0) {
                first = new ExtendedHead(type, codec, at, end, "");
            } else {
                others = true;
            }
            at = end;
        }
        String left = others ? "one track is taken, track 0; the publisher sends more" : "";
        return new ExtendedHead(first.type, first.codec, first.from, first.to, left);
    }

    private static String fourLetters(byte[] bytes, int at) {
        return new String(bytes, at, 4, StandardCharsets.ISO_8859_1);
    }

    private static void need(byte[] bytes, int at, int count) throws UnreadableMedia {
        if (bytes.length - at < count) {
            throw new UnreadableMedia("an extended message ends too early");
        }
    }
}
