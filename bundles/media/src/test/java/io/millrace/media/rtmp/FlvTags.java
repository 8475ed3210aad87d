package io.millrace.media.rtmp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The tags of an FLV file: what a publisher sends, message by message. */
final class FlvTags {

    /** One tag. */
    record Tag(int type, int timestamp, byte[] payload) {

        boolean video() {
            return type == Message.VIDEO;
        }

        boolean keyframe() {
            return video() && payload[0] == 0x17 && payload[1] == 1;
        }

        boolean configuration() {
            return payload[1] == 0 && (video() || type == Message.AUDIO);
        }
    }

    private FlvTags() {}

    /** Audio and video tags, without the end of sequence. */
    static List<Tag> media(byte[] flv) {
        List<Tag> tags = new ArrayList<>();
        int at = 13;
        while (at + 11 <= flv.length) {
            int type = flv[at];
            int size = uint24(flv, at + 1);
            int timestamp = uint24(flv, at + 4) | flv[at + 7] << 24;
            byte[] payload = Arrays.copyOfRange(flv, at + 11, at + 11 + size);
            boolean endOfSequence = type == Message.VIDEO && payload[1] == 2;
            if (type != Message.DATA && !endOfSequence) {
                tags.add(new Tag(type, timestamp, payload));
            }
            at += 11 + size + 4;
        }
        return tags;
    }

    private static int uint24(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 16 | (bytes[at + 1] & 0xff) << 8 | bytes[at + 2] & 0xff;
    }
}
