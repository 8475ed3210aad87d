package io.millrace.media.flv;

import io.millrace.media.codec.AvcSps;
import io.millrace.media.codec.HevcSps;
import io.millrace.media.codec.NalUnits;
import io.millrace.media.codec.UnreadableMedia;
import io.millrace.media.codec.VideoFormat;
import io.millrace.media.ts.TsMuxer;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How a publisher's pictures are made: the decoder configuration sent before them. Two are equal
 * when a decoder can go on from one to the other.
 */
public final class VideoConfig {

    /** Parameter sets are repeated with each keyframe; real ones have some hundred bytes. */
    private static final int MAX_SETS = 64 << 10;

    /** Of encoders that send no configuration. */
    private static final int USUAL_LENGTH_BYTES = 4;

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
            if (end == at + 2 || (bytes[at + 2] & 0x1f) != 7) {
                throw new UnreadableMedia("its H.264 configuration has something else in place of a parameter set");
            }
            if (format == null) {
                format = AvcSps.parse(bytes, at + 2, end).format();
            }
            at = append(sets, bytes, at + 2, end);
        }
        need(at, to, 1);
        int pictureSets = bytes[at++] & 0xff;
        for (; pictureSets > 0; pictureSets--) {
            at = append(sets, bytes, at + 2, setEnd(bytes, at, to));
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
                at = type >= 32 && type <= 34 ? append(sets, bytes, at + 2, end) : end;
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

    /** How pictures of this codec are made of which nothing is known yet. */
    public static VideoConfig without(String codec) {
        return new VideoConfig(codec.equals("hevc"), null, USUAL_LENGTH_BYTES, new byte[0]);
    }

    /**
     * Parses a decoder configuration. Some encoders announce H.264 and send H.265, as OBS did before Enhanced RTMP;
     * some send parameter sets in byte stream form.
     *
     * @param codec {@code h264} or {@code hevc}
     */
    public static VideoConfig of(String codec, byte[] record) throws UnreadableMedia {
        boolean hevc = codec.equals("hevc");
        if (beginsWithStartCode(record, 0, record.length)) {
            VideoConfig config = without(codec).withSetsOf(record, 0, record.length);
            if (config == null) {
                throw new UnreadableMedia("its decoder configuration has no parameter set");
            }
            return config;
        }
        try {
            return hevc ? hevc(record, 0, record.length) : avc(record, 0, record.length);
        } catch (UnreadableMedia e) {
            if (hevc || record.length < 23) {
                throw e;
            }
            try {
                return hevc(record, 0, record.length);
            } catch (UnreadableMedia neither) {
                throw e;
            }
        }
    }

    /**
     * This, or what the parameter sets within a message make of it when they are others; null when there are none at
     * all. A decoder takes those that come within the stream (ISO/IEC 14496-10, 7.4.1.2.1), and so do players.
     */
    public VideoConfig withSetsOf(byte[] bytes, int from, int to) throws UnreadableMedia {
        ByteArrayOutputStream sequenceSets = new ByteArrayOutputStream();
        ByteArrayOutputStream pictureSets = new ByteArrayOutputStream();
        VideoFormat found = null;
        boolean others = false;
        boolean slices = false;
        for (int[] unit : units(bytes, from, to)) {
            byte header = bytes[unit[0]];
            slices |= isSlice(header);
            if (!isSet(header)) {
                continue;
            }
            if (isSequenceSet(header) && found == null) {
                found = sequenceSet(bytes, unit[0], unit[1]);
            }
            append(isPictureSet(header) ? pictureSets : sequenceSets, bytes, unit[0], unit[1]);
            others |= !isInForce(bytes, unit[0], unit[1]);
        }
        if (!others || found == null && (format == null || slices)) {
            return format == null ? null : this;
        }
        boolean sequence = sequenceSets.size() > 0;
        boolean picture = pictureSets.size() > 0;
        ByteArrayOutputStream sets = new ByteArrayOutputStream();
        sets.writeBytes(sequence ? sequenceSets.toByteArray() : setsInForce(false));
        sets.writeBytes(picture ? pictureSets.toByteArray() : setsInForce(true));
        return new VideoConfig(hevc, found == null ? format : found, lengthBytes, sets.toByteArray());
    }

    /** One that cannot be read is passed over while there is another: a decoder may know more than this. */
    private VideoFormat sequenceSet(byte[] bytes, int from, int to) throws UnreadableMedia {
        try {
            return hevc ? HevcSps.parse(bytes, from, to) : AvcSps.parse(bytes, from, to).format();
        } catch (UnreadableMedia e) {
            if (format == null) {
                throw e;
            }
            return null;
        }
    }

    /** Whether a message has a slice of a picture; some encoders send parameter sets in messages of their own. */
    public boolean isPicture(byte[] bytes, int from, int to) throws UnreadableMedia {
        return units(bytes, from, to).stream().anyMatch(unit -> isSlice(bytes[unit[0]]));
    }

    /** Whether decoding can begin at this picture, whatever its message says: it is an IDR or, in H.265, an IRAP. */
    public boolean isRandomAccess(byte[] bytes, int from, int to) throws UnreadableMedia {
        return units(bytes, from, to).stream().anyMatch(unit -> isRandomAccess(bytes[unit[0]]));
    }

    /**
     * A picture in byte stream form: delimiter first, parameter sets before a keyframe that does not
     * bring its own.
     *
     * @param key a decoder can begin here
     */
    public byte[] byteStream(byte[] bytes, int from, int to, boolean key) throws UnreadableMedia {
        List<int[]> units = units(bytes, from, to);
        boolean ownSets = false;
        int size = 0;
        for (int[] unit : units) {
            if (!isDelimiter(bytes[unit[0]])) {
                size += START_CODE.length + unit[1] - unit[0];
                ownSets |= isSequenceSet(bytes[unit[0]]);
            }
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
        for (int[] unit : units) {
            if (!isDelimiter(bytes[unit[0]])) {
                length = copy(START_CODE, 0, START_CODE.length, out, length);
                length = copy(bytes, unit[0], unit[1], out, length);
            }
        }
        return out;
    }

    /** Where the NAL units of a message are; by their lengths, or by start codes, which some encoders leave in. */
    private List<int[]> units(byte[] bytes, int from, int to) throws UnreadableMedia {
        List<int[]> units = new ArrayList<>();
        try {
            for (int at = from; at < to; ) {
                if (to - at < lengthBytes && !units.isEmpty()) {
                    break; // bytes too many at the end, which decoders pass over
                }
                int end = unitEnd(bytes, at, to);
                if (end > at + lengthBytes) {
                    units.add(new int[] {at + lengthBytes, end});
                }
                at = end;
            }
        } catch (UnreadableMedia e) {
            if (!beginsWithStartCode(bytes, from, to)) {
                throw e;
            }
            units.clear();
            NalUnits.visit(bytes, from, to, (array, begin, end) -> units.add(new int[] {begin, end}));
        }
        return units;
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

    private static boolean beginsWithStartCode(byte[] bytes, int from, int to) {
        return to - from > 4
                && bytes[from] == 0
                && bytes[from + 1] == 0
                && (bytes[from + 2] == 1 || bytes[from + 2] == 0 && bytes[from + 3] == 1);
    }

    private boolean isInForce(byte[] bytes, int from, int to) throws UnreadableMedia {
        boolean[] found = new boolean[1];
        NalUnits.visit(parameterSets, 0, parameterSets.length, (sets, begin, end) ->
                found[0] |= Arrays.equals(sets, begin, end, bytes, from, to));
        return found[0];
    }

    /** The parameter sets of pictures, or all others, with their start codes. */
    private byte[] setsInForce(boolean ofPictures) throws UnreadableMedia {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        NalUnits.visit(parameterSets, 0, parameterSets.length, (sets, begin, end) -> {
            if (isPictureSet(sets[begin]) == ofPictures) {
                append(out, sets, begin, end);
            }
        });
        return out.toByteArray();
    }

    private boolean isSet(byte header) {
        int type = header >> 1 & 0x3f;
        return hevc ? type >= 32 && type <= 34 : isSequenceSet(header) || isPictureSet(header);
    }

    private boolean isPictureSet(byte header) {
        return hevc ? (header >> 1 & 0x3f) == 34 : (header & 0x1f) == 8;
    }

    private boolean isSlice(byte header) {
        return hevc ? (header >> 1 & 0x3f) < 32 : (header & 0x1f) >= 1 && (header & 0x1f) <= 5;
    }

    private boolean isRandomAccess(byte header) {
        int type = header >> 1 & 0x3f;
        return hevc ? type >= 16 && type <= 23 : (header & 0x1f) == 5;
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
        sets.write(bytes, at, end - at);
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
