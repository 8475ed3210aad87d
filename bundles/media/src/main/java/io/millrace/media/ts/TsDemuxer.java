package io.millrace.media.ts;

import io.millrace.media.codec.UnreadableMedia;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Takes a transport stream apart, at its first picture and first sound track. Lost packets, junk
 * between packets and other tracks are passed over, as decoders do.
 */
public final class TsDemuxer {

    /** Length of a packet. */
    public static final int PACKET = 188;

    /** Longest packet unit kept, in bytes; what is longer is cut there. */
    private static final int MAX_UNIT = 32 << 20;

    /** Programmes and tracks followed at most. */
    private static final int MAX_PIDS = 64;

    /** Length of a programme section at most (2.4.4.9). */
    private static final int MAX_SECTION = 1024;

    /** First byte of each packet. */
    public static final byte SYNC = 0x47;

    /** Receives what the tracks hold, in the order of the stream. */
    public interface Sink {

        /**
         * One packetized unit.
         *
         * @param pts in 90 kHz ticks of 33 bits, -1 when absent
         * @param payload valid during the call only
         */
        void unit(StreamType track, long pts, byte[] payload, int from, int to) throws UnreadableMedia;
    }

    private final Sink sink;
    private final Map<Integer, Section> maps = new HashMap<>();
    private final Map<Integer, Track> tracks = new LinkedHashMap<>();
    private final Section association = new Section();
    private Track video;
    private Track audio;

    private TsDemuxer(Sink sink) {
        this.sink = sink;
    }

    /** What the programme map announced. */
    public record Tracks(StreamType video, StreamType audio) {}

    /**
     * Runs through all of {@code bytes}.
     *
     * @return the tracks announced, each null when there is none
     */
    public static Tracks run(byte[] bytes, Sink sink) throws UnreadableMedia {
        return new TsDemuxer(sink).run(bytes);
    }

    /** Whether this looks like a transport stream: three packets in a row, or all there is. */
    public static boolean detects(byte[] bytes) {
        return sync(bytes, 0) >= 0;
    }

    private Tracks run(byte[] bytes) throws UnreadableMedia {
        int at = sync(bytes, 0);
        if (at < 0) {
            throw new UnreadableMedia("it is no MPEG transport stream");
        }
        while (at >= 0 && at + PACKET <= bytes.length) {
            if (bytes[at] != SYNC) {
                at = sync(bytes, at);
                continue;
            }
            packet(bytes, at);
            at += PACKET;
        }
        for (Track track : tracks.values()) {
            track.flush();
        }
        return new Tracks(video == null ? null : video.type, audio == null ? null : audio.type);
    }

    /** The next place where three packets begin in a row, or all that are left; -1 when there is none. */
    private static int sync(byte[] bytes, int from) {
        for (int at = from; at + PACKET <= bytes.length; at++) {
            if (bytes[at] == SYNC && follows(bytes, at + PACKET) && follows(bytes, at + 2 * PACKET)) {
                return at;
            }
        }
        return -1;
    }

    private static boolean follows(byte[] bytes, int at) {
        return at >= bytes.length || bytes[at] == SYNC;
    }

    private void packet(byte[] bytes, int at) throws UnreadableMedia {
        boolean damaged = bytes[at + 1] < 0;
        boolean starts = (bytes[at + 1] & 0x40) != 0;
        int pid = (bytes[at + 1] & 0x1f) << 8 | bytes[at + 2] & 0xff;
        int control = bytes[at + 3] >> 4 & 3;
        int from = at + 4;
        if ((control & 2) != 0) {
            from += 1 + (bytes[at + 4] & 0xff);
        }
        int to = at + PACKET;
        boolean scrambled = (bytes[at + 3] & 0xc0) != 0;
        if (damaged || scrambled || (control & 1) == 0 || from >= to) {
            return;
        }
        if (pid == 0) {
            if (association.take(bytes, from, to, starts)) {
                association(association.bytes, association.length);
            }
            return;
        }
        Track track = tracks.get(pid);
        if (track != null) {
            track.take(bytes, from, to, starts);
            return;
        }
        Section map = maps.get(pid);
        if (map != null && map.take(bytes, from, to, starts)) {
            map(map.bytes, map.length);
        }
    }

    private void association(byte[] section, int length) {
        for (int at = 8; at + 4 <= length - 4; at += 4) {
            int program = (section[at] & 0xff) << 8 | section[at + 1] & 0xff;
            int pid = (section[at + 2] & 0x1f) << 8 | section[at + 3] & 0xff;
            if (program != 0 && maps.size() < MAX_PIDS) {
                maps.putIfAbsent(pid, new Section());
            }
        }
    }

    private void map(byte[] section, int length) {
        if (length < 16 || section[0] != 2) {
            return;
        }
        int at = 12 + ((section[10] & 0x0f) << 8 | section[11] & 0xff);
        while (at + 5 <= length - 4) {
            int pid = (section[at + 1] & 0x1f) << 8 | section[at + 2] & 0xff;
            int descriptors = (section[at + 3] & 0x0f) << 8 | section[at + 4] & 0xff;
            int next = at + 5 + descriptors;
            if (next <= length - 4) {
                announce(pid, StreamType.of(section[at] & 0xff, section, at + 5, next));
            }
            at = next;
        }
    }

    private void announce(int pid, StreamType type) {
        if (type == null || tracks.containsKey(pid)) {
            return;
        }
        if (type.video() && video == null) {
            video = new Track(type);
            tracks.put(pid, video);
        } else if (!type.video() && audio == null) {
            audio = new Track(type);
            tracks.put(pid, audio);
        }
    }

    /** A table section, put together from packets. */
    private static final class Section {
        private final byte[] bytes = new byte[MAX_SECTION + PACKET];
        private int length = -1;

        /** Whether it is complete now. */
        boolean take(byte[] packet, int from, int to, boolean starts) {
            int begin = from;
            if (starts) {
                begin += 1 + (packet[from] & 0xff);
                length = 0;
            }
            if (length < 0 || begin >= to) {
                return false;
            }
            int count = Math.min(to - begin, bytes.length - length);
            System.arraycopy(packet, begin, bytes, length, count);
            length += count;
            if (length < 3) {
                return false;
            }
            int whole = 3 + ((bytes[1] & 0x0f) << 8 | bytes[2] & 0xff);
            if (whole > MAX_SECTION) {
                length = -1;
                return false;
            }
            if (length < whole) {
                return false;
            }
            length = whole;
            return true;
        }
    }

    /** An elementary stream, put together unit by unit. */
    private final class Track {
        private final StreamType type;
        private byte[] unit = new byte[64 << 10];
        private int length = -1;

        Track(StreamType type) {
            this.type = type;
        }

        void take(byte[] packet, int from, int to, boolean starts) throws UnreadableMedia {
            if (starts) {
                flush();
                length = 0;
            }
            if (length < 0) {
                return;
            }
            int count = Math.min(to - from, MAX_UNIT - length);
            if (length + count > unit.length) {
                unit = Arrays.copyOf(unit, Math.min(MAX_UNIT, unit.length * 2));
            }
            System.arraycopy(packet, from, unit, length, count);
            length += count;
        }

        void flush() throws UnreadableMedia {
            boolean begun = length >= 9 && unit[0] == 0 && unit[1] == 0 && unit[2] == 1;
            if (begun) {
                int header = 9 + (unit[8] & 0xff);
                boolean stamped = (unit[7] & 0x80) != 0 && length >= 14;
                if (header <= length) {
                    sink.unit(type, stamped ? stamp(unit, 9) : -1, unit, header, length);
                }
            }
            length = -1;
        }
    }

    private static long stamp(byte[] bytes, int at) {
        return (bytes[at] & 0x0eL) << 29
                | (bytes[at + 1] & 0xffL) << 22
                | (bytes[at + 2] & 0xfeL) << 14
                | (bytes[at + 3] & 0xffL) << 7
                | (bytes[at + 4] & 0xfeL) >> 1;
    }
}
