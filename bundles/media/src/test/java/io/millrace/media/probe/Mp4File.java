package io.millrace.media.probe;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Writes the boxes of MP4 files that no muxer would write. */
final class Mp4File {

    private Mp4File() {}

    /** A box with its size and type before the content. */
    static byte[] box(String type, byte[]... content) {
        byte[] all = joined(content);
        return ByteBuffer.allocate(8 + all.length)
                .putInt(8 + all.length)
                .put(type.getBytes(StandardCharsets.ISO_8859_1))
                .put(all)
                .array();
    }

    static byte[] ints(int... values) {
        ByteBuffer buffer = ByteBuffer.allocate(4 * values.length);
        for (int value : values) {
            buffer.putInt(value);
        }
        return buffer.array();
    }

    static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    static byte[] repeated(int times, byte[] what) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(times * what.length);
        for (int i = 0; i < times; i++) {
            out.writeBytes(what);
        }
        return out.toByteArray();
    }

    /** The header of a file with one track, number 1, of pictures in ticks of a millisecond. */
    static byte[] header() {
        return box(
                "moov",
                box(
                        "trak",
                        box("tkhd", ints(0, 0, 0, 1, 0, 0)),
                        box(
                                "mdia",
                                box("mdhd", ints(0, 0, 0, 1000, 0, 0)),
                                box("minf", box("stbl", box("stsd", ints(0, 1), box("avc1", new byte[78])))))));
    }

    /** A header of the fragment of track 1. */
    static byte[] fragmentHeader() {
        return box("tfhd", ints(0, 1));
    }
}
