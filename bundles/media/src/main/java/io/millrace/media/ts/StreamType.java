package io.millrace.media.ts;

import java.nio.charset.StandardCharsets;

/**
 * What an elementary stream of a programme holds.
 *
 * @param codec FFmpeg's decoder name
 * @param video or audio
 */
public record StreamType(String codec, boolean video) {

    static final int H264 = 0x1b;
    static final int HEVC = 0x24;
    static final int AAC_ADTS = 0x0f;
    static final int MP3 = 0x03;

    /** Private data whose registration descriptor says what it is. */
    private static final int PRIVATE = 0x06;

    /** By the type and the descriptors of a programme map; null for what is neither sound nor picture. */
    static StreamType of(int type, byte[] map, int from, int to) {
        return switch (type) {
            case H264 -> new StreamType("h264", true);
            case HEVC -> new StreamType("hevc", true);
            case 0x01 -> new StreamType("mpeg1video", true);
            case 0x02 -> new StreamType("mpeg2video", true);
            case 0x10 -> new StreamType("mpeg4", true);
            case MP3, 0x04 -> new StreamType("mp3", false);
            case AAC_ADTS -> new StreamType("aac", false);
            case 0x11 -> new StreamType("aac_latm", false);
            case 0x81 -> new StreamType("ac3", false);
            case 0x87 -> new StreamType("eac3", false);
            case PRIVATE -> byDescriptors(map, from, to);
            default -> null;
        };
    }

    private static StreamType byDescriptors(byte[] map, int from, int to) {
        for (int at = from; at + 2 <= to; at += 2 + (map[at + 1] & 0xff)) {
            int tag = map[at] & 0xff;
            int length = map[at + 1] & 0xff;
            if (tag == 0x6a) {
                return new StreamType("ac3", false);
            }
            if (tag == 0x7a) {
                return new StreamType("eac3", false);
            }
            if (tag == 0x05 && length >= 4 && at + 6 <= to) {
                String format = new String(map, at + 2, 4, StandardCharsets.ISO_8859_1);
                return switch (format) {
                    case "Opus" -> new StreamType("opus", false);
                    case "AC-3" -> new StreamType("ac3", false);
                    case "EAC3" -> new StreamType("eac3", false);
                    case "HEVC" -> new StreamType("hevc", true);
                    case "AV01" -> new StreamType("av1", true);
                    case "VP09" -> new StreamType("vp9", true);
                    case "VP08" -> new StreamType("vp8", true);
                    default -> null;
                };
            }
        }
        return null;
    }
}
