package io.millrace.ffmpeg;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** Moves the header of an MP4 file to its front, so that a player can begin before it has all of the file. */
final class Mp4 {

    private static final int HEADER = 8;
    private static final Set<String> PARENTS = Set.of("moov", "trak", "mdia", "minf", "stbl");

    private Mp4() {}

    /** The index before the media; unchanged when it is there already, or is not found. */
    static byte[] indexFirst(byte[] file) {
        ByteBuffer in = ByteBuffer.wrap(file);
        int media = -1;
        for (int at = 0; at + HEADER <= file.length; ) {
            long size = size(in, at);
            if (size < HEADER || size > file.length - at) {
                return file;
            }
            String type = type(in, at);
            if (type.equals("mdat") && media < 0) {
                media = at;
            } else if (type.equals("moov")) {
                return media < 0 ? file : moved(file, media, at, (int) size);
            }
            at += (int) size;
        }
        return file;
    }

    private static byte[] moved(byte[] file, int media, int index, int size) {
        ByteBuffer out = ByteBuffer.allocate(file.length);
        out.put(file, 0, media).put(file, index, size).put(file, media, index - media);
        out.put(file, index + size, file.length - index - size);
        moveOffsets(out, media, media + size, size);
        return out.array();
    }

    private static void moveOffsets(ByteBuffer file, int from, int to, int by) {
        for (int at = from; at + HEADER <= to; ) {
            int size = (int) size(file, at);
            String type = type(file, at);
            if (PARENTS.contains(type)) {
                moveOffsets(file, at + HEADER, at + size, by);
            } else if (type.equals("stco")) {
                int count = file.getInt(at + HEADER + 4);
                for (int i = 0; i < count; i++) {
                    int entry = at + HEADER + 8 + 4 * i;
                    file.putInt(entry, file.getInt(entry) + by);
                }
            }
            at += size;
        }
    }

    private static long size(ByteBuffer file, int at) {
        long size = file.getInt(at) & 0xffff_ffffL;
        return size == 1 && at + 16 <= file.capacity() ? file.getLong(at + HEADER) : size;
    }

    private static String type(ByteBuffer file, int at) {
        return new String(file.array(), at + 4, 4, StandardCharsets.ISO_8859_1);
    }
}
