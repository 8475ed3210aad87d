package io.millrace.media.ts;

import java.util.Arrays;
import java.util.List;

/**
 * Makes the segments of one transport stream. Each begins with its programme tables and can be
 * decoded by itself; continuity counters go on from one to the next, so that segments one behind the
 * other are one stream. Not thread-safe.
 */
public final class TsMuxer {

    /** Stream type of the programme map: H.264. */
    public static final int H264 = StreamType.H264;

    /** H.265. */
    public static final int HEVC = StreamType.HEVC;

    /** AAC with ADTS headers. */
    public static final int AAC = StreamType.AAC_ADTS;

    /** MPEG-1 layer 3. */
    public static final int MP3 = StreamType.MP3;

    /** No such track. */
    public static final int NONE = -1;

    private static final int PACKET = TsDemuxer.PACKET;
    private static final int MAP_PID = 0x1000;
    private static final int VIDEO_PID = 0x100;
    private static final int AUDIO_PID = 0x101;
    private static final int VIDEO_ID = 0xe0;
    private static final int AUDIO_ID = 0xc0;

    /** Added to every time, so that the clock reference, which runs ahead, does not begin below zero. */
    private static final long OFFSET = 126_000;

    /** How long before its decoding a picture is there, in ticks: 0.7 s as most muxers have it. */
    private static final long LEAD = 63_000;

    /** Sound gathered into one packetized unit at most: more would be late, less wastes packets. */
    private static final int SOUND_BYTES = 2800;

    private static final int SOUND_UNITS = 6;
    private static final int SOUND_HEADER = 14;

    /** Adaptation field with a clock reference, and with a mark of a keyframe alone (2.4.3.4), in bytes. */
    private static final int CLOCKED = 8;

    private static final int KEYED = 2;

    private int associationCounter;
    private int mapCounter;
    private int videoCounter;
    private int audioCounter;
    private int mapVersion;
    private int videoType = NONE;
    private int audioType = NONE;

    private byte[] out;
    private int length;
    private boolean jump;

    private byte[] sound = new byte[SOUND_BYTES * 2];
    private int soundLength;
    private int soundUnits;
    private long soundPts;

    /**
     * One segment.
     *
     * @param units in the order they came in
     * @param newVideoType stream type of the pictures, or {@link #NONE}
     * @param newAudioType likewise of the sound
     * @param discontinuity the times do not continue those of the segment before
     */
    public byte[] segment(List<AccessUnit> units, int newVideoType, int newAudioType, boolean discontinuity) {
        if (newVideoType != videoType || newAudioType != audioType) {
            mapVersion = mapVersion + 1 & 31;
            videoType = newVideoType;
            audioType = newAudioType;
        }
        out = new byte[size(units, videoType, audioType)];
        length = 0;
        association();
        map();
        jump = discontinuity;
        for (AccessUnit unit : units) {
            if (unit.picture()) {
                picture(unit);
            } else if (audioType != NONE) {
                sound(unit);
            }
        }
        flushSound();
        if (length != out.length) {
            throw new IllegalStateException(length + " bytes were made where " + out.length + " were expected");
        }
        byte[] segment = out;
        out = null;
        return segment;
    }

    /** Bytes of the segment that is made of these units. */
    public static int size(List<AccessUnit> units, int videoType, int audioType) {
        long packets = 2;
        long gathered = 0;
        int count = 0;
        for (AccessUnit unit : units) {
            int size = unit.bytes().length;
            if (unit.picture()) {
                packets += packetsOf(pictureHeader(unit) + size, CLOCKED);
            } else if (audioType != NONE) {
                if (endsSound(count, gathered, size)) {
                    packets += packetsOf(SOUND_HEADER + gathered, videoType == NONE ? CLOCKED : KEYED);
                    gathered = 0;
                    count = 0;
                }
                gathered += size;
                count++;
            }
        }
        if (count > 0) {
            packets += packetsOf(SOUND_HEADER + gathered, videoType == NONE ? CLOCKED : KEYED);
        }
        return Math.toIntExact(packets * PACKET);
    }

    private static long packetsOf(long bytes, int extension) {
        return 1 + Math.ceilDiv(Math.max(0, bytes - (PACKET - 4 - extension)), PACKET - 4);
    }

    private static int pictureHeader(AccessUnit unit) {
        return unit.dts() == unit.pts() ? 14 : 19;
    }

    private static boolean endsSound(int count, long gathered, int size) {
        return count == SOUND_UNITS || count > 0 && gathered + size > SOUND_BYTES;
    }

    private void association() {
        byte[] section = {
            0x00, (byte) 0xb0, 13, 0, 1, (byte) 0xc1, 0, 0,
            0, 1, (byte) (0xe0 | MAP_PID >> 8), (byte) MAP_PID,
            0, 0, 0, 0
        };
        table(0, associationCounter++, section);
    }

    private void map() {
        int tracks = (videoType == NONE ? 0 : 1) + (audioType == NONE ? 0 : 1);
        byte[] section = new byte[16 + 5 * tracks];
        int clock = videoType == NONE ? AUDIO_PID : VIDEO_PID;
        section[0] = 2;
        section[1] = (byte) 0xb0;
        section[2] = (byte) (section.length - 3);
        section[4] = 1;
        section[5] = (byte) (0xc1 | mapVersion << 1);
        section[8] = (byte) (0xe0 | clock >> 8);
        section[9] = (byte) clock;
        section[10] = (byte) 0xf0;
        int at = 12;
        if (videoType != NONE) {
            at = track(section, at, videoType, VIDEO_PID);
        }
        if (audioType != NONE) {
            track(section, at, audioType, AUDIO_PID);
        }
        table(MAP_PID, mapCounter++, section);
    }

    private static int track(byte[] section, int at, int type, int pid) {
        section[at] = (byte) type;
        section[at + 1] = (byte) (0xe0 | pid >> 8);
        section[at + 2] = (byte) pid;
        section[at + 3] = (byte) 0xf0;
        return at + 5;
    }

    private void table(int pid, int counter, byte[] section) {
        int end = section.length - 4;
        int crc = Crc32.of(section, 0, end);
        for (int i = 0; i < 4; i++) {
            section[end + i] = (byte) (crc >> 24 - 8 * i);
        }
        int start = length;
        header(pid, true, false, counter);
        out[length++] = 0; // pointer_field
        System.arraycopy(section, 0, out, length, section.length);
        length += section.length;
        Arrays.fill(out, length, start + PACKET, (byte) 0xff);
        length = start + PACKET;
    }

    private void picture(AccessUnit unit) {
        byte[] header = new byte[pictureHeader(unit)];
        packetHeader(header, VIDEO_ID, 0, unit.pts());
        if (unit.dts() != unit.pts()) {
            header[7] = (byte) 0xc0;
            header[8] = 10;
            header[9] |= 0x10;
            stamp(header, 14, 1, unit.dts());
        }
        int size = unit.bytes().length;
        videoCounter = packets(VIDEO_PID, videoCounter, header, unit.bytes(), size, unit.dts(), unit.key());
    }

    private void sound(AccessUnit unit) {
        int size = unit.bytes().length;
        if (endsSound(soundUnits, soundLength, size)) {
            flushSound();
        }
        if (soundUnits == 0) {
            soundPts = unit.pts();
        }
        if (size > sound.length - soundLength) {
            sound = Arrays.copyOf(sound, soundLength + size);
        }
        System.arraycopy(unit.bytes(), 0, sound, soundLength, size);
        soundLength += size;
        soundUnits++;
    }

    private void flushSound() {
        if (soundUnits == 0) {
            return;
        }
        byte[] header = new byte[SOUND_HEADER];
        int counted = soundLength + 8;
        packetHeader(header, AUDIO_ID, counted > 0xffff ? 0 : counted, soundPts);
        audioCounter = packets(AUDIO_PID, audioCounter, header, sound, soundLength, soundPts, true);
        soundLength = 0;
        soundUnits = 0;
    }

    private static void packetHeader(byte[] header, int id, int size, long pts) {
        header[2] = 1;
        header[3] = (byte) id;
        header[4] = (byte) (size >> 8);
        header[5] = (byte) size;
        header[6] = (byte) 0x84; // data_alignment_indicator
        header[7] = (byte) 0x80;
        header[8] = 5;
        stamp(header, 9, 2, pts);
    }

    private static void stamp(byte[] header, int at, int mark, long ticks) {
        long time = ticks + OFFSET;
        header[at] = (byte) (mark << 4 | (time >> 29 & 0x0e) | 1);
        header[at + 1] = (byte) (time >> 22);
        header[at + 2] = (byte) (time >> 14 | 1);
        header[at + 3] = (byte) (time >> 7);
        header[at + 4] = (byte) (time << 1 | 1);
    }

    /** Spreads one packetized unit over packets; the next continuity counter comes back. */
    private int packets(
            int pid, int firstCounter, byte[] header, byte[] body, int size, long dts, boolean key) {
        int counter = firstCounter;
        int at = -header.length;
        boolean clocked = pid == VIDEO_PID || videoType == NONE;
        boolean first = true;
        while (at < size) {
            int start = length;
            int extension = first && (clocked || key) ? (clocked ? CLOCKED : KEYED) : 0;
            int room = PACKET - 4 - extension;
            int left = size - at;
            int stuffing = Math.max(0, room - left);
            header(pid, first, extension + stuffing > 0, counter++);
            if (extension + stuffing > 0) {
                out[length++] = (byte) (extension + stuffing - 1);
            }
            if (extension + stuffing > 1) {
                out[length++] = extension == 0 ? 0 : indicators(clocked, key);
            }
            if (extension == CLOCKED) {
                clock(dts);
            }
            int bodyStart = start + PACKET - Math.min(left, room);
            Arrays.fill(out, length, bodyStart, (byte) 0xff);
            length = bodyStart;
            while (at < 0) {
                out[length++] = header[header.length + at++];
            }
            int count = Math.min(size - at, start + PACKET - length);
            System.arraycopy(body, at, out, length, count);
            length += count;
            at += count;
            first = false;
        }
        return counter;
    }

    /** Of the adaptation field (2.4.3.5); a discontinuity is told once, with the first clock reference. */
    private byte indicators(boolean clocked, boolean key) {
        int discontinuity = clocked && jump ? 0x80 : 0;
        jump &= !clocked;
        return (byte) (discontinuity | (key ? 0x40 : 0) | (clocked ? 0x10 : 0));
    }

    private void header(int pid, boolean starts, boolean adaptation, int counter) {
        out[length++] = 0x47;
        out[length++] = (byte) ((starts ? 0x40 : 0) | pid >> 8);
        out[length++] = (byte) pid;
        out[length++] = (byte) ((adaptation ? 0x30 : 0x10) | counter & 15);
    }

    private void clock(long dts) {
        long base = dts + OFFSET - LEAD;
        out[length++] = (byte) (base >> 25);
        out[length++] = (byte) (base >> 17);
        out[length++] = (byte) (base >> 9);
        out[length++] = (byte) (base >> 1);
        out[length++] = (byte) (base << 7 | 0x7e);
        out[length++] = 0;
    }
}
