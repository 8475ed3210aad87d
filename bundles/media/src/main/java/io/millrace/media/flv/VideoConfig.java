package io.millrace.media.flv;

import io.millrace.media.codec.AvcSps;
import io.millrace.media.codec.HevcSps;
import io.millrace.media.codec.UnreadableMedia;
import io.millrace.media.codec.VideoFormat;
import io.millrace.media.ts.TsMuxer;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * How a publisher's pictures are made: the decoder configuration sent before them. Two are equal
 * when a decoder can go on from one to the other.
 */
public final class VideoConfig {

    /** Parameter sets are repeated with each keyframe; real ones have some hundred bytes. */
    private static final int MAX_SETS = 64 << 10;

    private static final byte[] START_CODE = {0, 0, 0, 1};
    private static final byte[] AVC_DELIMITER = {0, 0, 0, 1, 9, (byte) 0xf0};
    private static final byte[] HEVC_DELIMITER = {0, 0, 0, 1, 0x46, 1, 0x50};

    private final boolean hevc;
    private final VideoFormat format;
    private final int lengthBytes;
    private final byte[] parameterSets;

    private VideoConfig(boolean hevc, VideoFormat format, int lengthBytes, byte[] parameterSets) {
        this.hevc = hevc;
        this.format = format;
        this.lengthBytes = lengthBytes;
        this.parameterSets = parameterSets;
    }

    /** Parses an AVCDecoderConfigurationRecord (ISO/IEC 14496-15, 5.3.3). */
    public static VideoConfig avc(byte[] bytes, int from, int to) throws UnreadableMedia {
        need(from, to, 7);
        ByteArrayOutputStream sets = new ByteArrayOutputStream();
        VideoFormat format = null;
        int at = from + 6;
        for (int count = bytes[from + 5] & 0x1f; count > 0; count--) {
            int end = setEnd(bytes, at, to);
            if (format == null) {
                format = AvcSps.parse(bytes, at + 2, end).format();
            }
            at = append(sets, bytes, at, end);
        }
        need(at, to, 1);
        int pictureSets = bytes[at++] & 0xff;
        for (; pictureSets > 0; pictureSets--) {
            at = append(sets, bytes, at, setEnd(bytes, at, to));
        }
        if (format == null) {
            throw new UnreadableMedia("its H.264 configuration has no parameter set");
        }
        return new VideoConfig(false, format, (bytes[from + 4] & 3) + 1, sets.toByteArray());
    }

    /** Parses an HEVCDecoderConfigurationRecord (ISO/IEC 14496-15, 8.3.3). */
    public static VideoConfig hevc(byte[] bytes, int from, int to) throws UnreadableMedia {
        need(from, to, 23);
        ByteArrayOutputStream sets = new ByteArrayOutputStream();
        VideoFormat format = null;
        int at = from + 23;
        for (int arrays = bytes[from + 22] & 0xff; arrays > 0; arrays--) {
            need(at, to, 3);
            int type = bytes[at] & 0x3f;
            int count = (bytes[at + 1] & 0xff) << 8 | bytes[at + 2] & 0xff;
            at += 3;
            for (; count > 0; count--) {
                int end = setEnd(bytes, at, to);
                if (type == 33 && format == null) {
                    format = HevcSps.parse(bytes, at + 2, end);
                }
                at = type >= 32 && type <= 34 ? append(sets, bytes, at, end) : end;
            }
        }
        if (format == null) {
            throw new UnreadableMedia("its H.265 configuration has no parameter set");
        }
        return new VideoConfig(true, format, (bytes[from + 21] & 3) + 1, sets.toByteArray());
    }

    /** What the parameter sets say. */
    public VideoFormat format() {
        return format;
    }

    /** Stream type in a transport stream. */
    public int streamType() {
        return hevc ? TsMuxer.HEVC : TsMuxer.H264;
    }

    /**
     * A picture in byte stream form: delimiter first, parameter sets before a keyframe that does not
     * bring its own.
     *
     * @param key a decoder can begin here
     */
    public byte[] byteStream(byte[] bytes, int from, int to, boolean key) throws UnreadableMedia {
        boolean ownSets = false;
        int size = 0;
        for (int at = from; at < to; ) {
            int end = unitEnd(bytes, at, to);
            int begin = at + lengthBytes;
            if (end > begin && !isDelimiter(bytes[begin])) {
                size += START_CODE.length + end - begin;
                ownSets |= isSequenceSet(bytes[begin]);
            }
            at = end;
        }
        if (size == 0) {
            throw new UnreadableMedia("a picture is empty");
        }
        byte[] delimiter = hevc ? HEVC_DELIMITER : AVC_DELIMITER;
        boolean withSets = key && !ownSets;
        byte[] out = new byte[delimiter.length + (withSets ? parameterSets.length : 0) + size];
        int length = copy(delimiter, 0, delimiter.length, out, 0);
        if (withSets) {
            length = copy(parameterSets, 0, parameterSets.length, out, length);
        }
        for (int at = from; at < to; ) {
            int end = unitEnd(bytes, at, to);
            int begin = at + lengthBytes;
            if (end > begin && !isDelimiter(bytes[begin])) {
                length = copy(START_CODE, 0, START_CODE.length, out, length);
                length = copy(bytes, begin, end, out, length);
            }
            at = end;
        }
        return out;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VideoConfig that
                && hevc == that.hevc
                && lengthBytes == that.lengthBytes
                && Arrays.equals(parameterSets, that.parameterSets);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(parameterSets);
    }

    private boolean isDelimiter(byte header) {
        return hevc ? (header >> 1 & 0x3f) == 35 : (header & 0x1f) == 9;
    }

    private boolean isSequenceSet(byte header) {
        return hevc ? (header >> 1 & 0x3f) == 33 : (header & 0x1f) == 7;
    }

    private int unitEnd(byte[] bytes, int at, int to) throws UnreadableMedia {
        need(at, to, lengthBytes);
        long size = 0;
        for (int i = 0; i < lengthBytes; i++) {
            size = size << 8 | bytes[at + i] & 0xff;
        }
        if (size > to - at - lengthBytes) {
            throw new UnreadableMedia("a picture is shorter than it says");
        }
        return at + lengthBytes + (int) size;
    }

    private static int setEnd(byte[] bytes, int at, int to) throws UnreadableMedia {
        need(at, to, 2);
        int size = (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
        need(at + 2, to, size);
        return at + 2 + size;
    }

    private static int append(ByteArrayOutputStream sets, byte[] bytes, int at, int end) throws UnreadableMedia {
        if (sets.size() + end - at > MAX_SETS) {
            throw new UnreadableMedia("its decoder configuration is too long");
        }
        sets.writeBytes(START_CODE);
        sets.write(bytes, at + 2, end - at - 2);
        return end;
    }

    private static int copy(byte[] source, int from, int to, byte[] target, int at) {
        System.arraycopy(source, from, target, at, to - from);
        return at + to - from;
    }

    private static void need(int from, int to, int count) throws UnreadableMedia {
        if (to - from < count) {
            throw new UnreadableMedia("its decoder configuration or picture ends too early");
        }
    }
}
