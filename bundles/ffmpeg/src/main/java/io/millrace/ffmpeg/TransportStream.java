package io.millrace.ffmpeg;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What can be told of an MPEG transport stream without decoding it. */
final class TransportStream {

    private static final int PACKET = 188;
    private static final int SYNC = 0x47;
    private static final long CLOCK = 90_000;
    private static final long WRAP = 1L << 33;
    private static final int H264 = 0x1b;
    /** Some 250 Mbit/s for two seconds; mending takes three times the segment's size in memory. */
    private static final int MOST_MENDED = 64 << 20;

    private TransportStream() {}

    /** Whether these bytes look like one: three packets in a row near the beginning. */
    static boolean looksLike(byte[] data) {
        for (int stride : new int[] {PACKET, 192, 204}) {
            int last = Math.min(data.length - 2 * stride - 1, 8 * stride);
            for (int i = 0; i <= last; i++) {
                if (data[i] == SYNC && data[i + stride] == SYNC && data[i + 2 * stride] == SYNC) {
                    return true;
                }
            }
        }
        return data.length >= PACKET && data.length < 3 * PACKET && data[0] == SYNC;
    }

    /** Seconds from the first to the last presentation time, of the stream with the longest. */
    static double seconds(byte[] data) {
        Map<Integer, long[]> spans = new HashMap<>();
        for (int at = 0; at + PACKET <= data.length; at += PACKET) {
            int payload = payload(data, at);
            if (payload < 0 || !startsUnit(data, at) || !startsPes(data, payload, at + PACKET)) {
                continue;
            }
            long pts = pts(data, payload, at + PACKET);
            if (pts >= 0) {
                spans.computeIfAbsent(pid(data, at), pid -> new long[] {pts, pts})[1] = pts;
            }
        }
        long longest = 0;
        for (long[] span : spans.values()) {
            long ticks = Math.floorMod(span[1] - span[0], WRAP);
            longest = Math.max(longest, ticks < WRAP / 2 ? ticks : 0);
        }
        return (double) longest / CLOCK;
    }

    /**
     * Moves each SEI that follows the picture data of its access unit before that data: FFmpeg's H.264
     * parser loses the timing of such units. Sizes stay, so the packets keep their places. The array
     * itself comes back when there is nothing to mend.
     */
    static byte[] withOrderedSei(byte[] data) {
        int video = data.length > MOST_MENDED ? -1 : videoPid(data);
        List<int[]> ranges = new ArrayList<>();
        List<Integer> units = new ArrayList<>();
        int total = 0;
        boolean inPes = false;
        for (int at = 0; at + PACKET <= data.length; at += PACKET) {
            int payload = payload(data, at);
            if (payload < 0 || pid(data, at) != video) {
                continue;
            }
            int end = at + PACKET;
            if (startsUnit(data, at)) {
                inPes = startsPes(data, payload, end) && end - payload > 8;
                if (inPes) {
                    payload += 9 + (data[payload + 8] & 0xff);
                    units.add(total);
                }
            }
            if (inPes && payload < end) {
                ranges.add(new int[] {payload, end});
                total += end - payload;
            }
        }
        byte[] elementary = new byte[total];
        int filled = 0;
        for (int[] range : ranges) {
            System.arraycopy(data, range[0], elementary, filled, range[1] - range[0]);
            filled += range[1] - range[0];
        }
        byte[] ordered = SeiOrder.mend(elementary, units);
        if (ordered == elementary) {
            return data;
        }
        byte[] mended = data.clone();
        int taken = 0;
        for (int[] range : ranges) {
            System.arraycopy(ordered, taken, mended, range[0], range[1] - range[0]);
            taken += range[1] - range[0];
        }
        return mended;
    }

    /** The H.264 stream of the first programme; other codecs number their units differently. */
    private static int videoPid(byte[] data) {
        int map = -1;
        for (int at = 0; at + PACKET <= data.length; at += PACKET) {
            int payload = payload(data, at);
            if (payload < 0 || !startsUnit(data, at) || pid(data, at) != Math.max(map, 0)) {
                continue;
            }
            int table = payload + 1 + (data[payload] & 0xff);
            int end = table + 3 < at + PACKET ? table + 3 + (u16(data, table + 1) & 0xfff) - 4 : 0;
            end = Math.min(end, at + PACKET);
            if (map < 0) {
                for (int entry = table + 8; entry + 4 <= end && map < 0; entry += 4) {
                    map = u16(data, entry) == 0 ? -1 : u16(data, entry + 2) & 0x1fff;
                }
                continue;
            }
            int entry = table + 12 + (table + 12 <= end ? u16(data, table + 10) & 0xfff : 0);
            for (; entry + 5 <= end; entry += 5 + (u16(data, entry + 3) & 0xfff)) {
                if (data[entry] == H264) {
                    return u16(data, entry + 1) & 0x1fff;
                }
            }
        }
        return -1;
    }

    private static int u16(byte[] data, int at) {
        return (data[at] & 0xff) << 8 | data[at + 1] & 0xff;
    }

    private static int pid(byte[] data, int at) {
        return (data[at + 1] & 0x1f) << 8 | data[at + 2] & 0xff;
    }

    private static boolean startsUnit(byte[] data, int at) {
        return (data[at + 1] & 0x40) != 0;
    }

    /** Where the payload of the packet at {@code at} begins, or negative when it has none. */
    private static int payload(byte[] data, int at) {
        if (data[at] != SYNC || (data[at + 3] & 0x10) == 0) {
            return -1;
        }
        int payload = at + 4;
        if ((data[at + 3] & 0x20) != 0) {
            payload += 1 + (data[at + 4] & 0xff);
        }
        return payload < at + PACKET ? payload : -1;
    }

    private static boolean startsPes(byte[] data, int at, int end) {
        return end - at >= 4 && data[at] == 0 && data[at + 1] == 0 && data[at + 2] == 1;
    }

    private static long pts(byte[] data, int at, int end) {
        if (end - at < 14 || (data[at + 7] & 0x80) == 0) {
            return -1;
        }
        return (data[at + 9] & 0x0eL) << 29
                | (data[at + 10] & 0xffL) << 22
                | (data[at + 11] & 0xfeL) << 14
                | (data[at + 12] & 0xffL) << 7
                | (data[at + 13] & 0xfeL) >> 1;
    }
}
