package io.millrace.media.codec;

import io.millrace.api.value.Bytes;

/**
 * How AAC frames are made (ISO/IEC 14496-3, 1.6.2.1): what an ADTS header in front of each says.
 *
 * @param objectType 2 for low complexity
 * @param rateIndex into the table of sample rates
 * @param channels channel configuration, 0 to 7
 * @param element where the configuration is 0, the program config element that names the channels instead, as the
 *     first element of a frame; else empty
 */
public record Aac(int objectType, int rateIndex, int channels, Bytes element) {

    /** Length of the header written. */
    public static final int ADTS_BYTES = 7;

    /** Samples of a frame. */
    public static final int FRAME_SAMPLES = 1024;

    private static final int MAX_ADTS_FRAME = 0x1fff;

    /** Bytes of a configuration that has nothing but its first three numbers; its frames may bring the element. */
    private static final int SHORTEST_CONFIG = 2;

    /** The kind of the element, id_syn_ele. */
    private static final int PROGRAM_CONFIG = 5;

    private static final int[] RATES = {
        96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350
    };

    /** Parses an AudioSpecificConfig; an explicit SBR signal is read through to the core it extends. */
    public static Aac parseConfig(byte[] bytes, int from, int to) throws UnreadableMedia {
        BitReader in = BitReader.over(bytes, from, to);
        int objectType = objectType(in);
        int rateIndex = rateIndex(in);
        int channels = in.bits(4);
        if (objectType == 5 || objectType == 29) {
            rateIndex(in); // of the extension
            objectType = objectType(in);
        }
        boolean described = channels == 0 && to - from > SHORTEST_CONFIG;
        return checked(objectType, rateIndex, channels, described ? element(in) : Bytes.EMPTY);
    }

    /** Copies a program config element (ISO/IEC 14496-3, 4.4.1.1), whose comment begins at a whole byte. */
    private static Bytes element(BitReader in) throws UnreadableMedia {
        in.bits(1); // frameLengthFlag
        in.skip(in.flag() ? 14 : 0); // coreCoderDelay
        in.bits(1); // extensionFlag
        BitWriter out = new BitWriter();
        out.bits(PROGRAM_CONFIG, 3);
        out.copy(in, 4 + 2 + 4); // element_instance_tag, object_type, sampling_frequency_index
        int fives = out.copy(in, 4) + out.copy(in, 4) + out.copy(in, 4); // elements in front, at the sides, behind
        int fours = out.copy(in, 2) + out.copy(in, 3); // low frequencies, associated data
        fives += out.copy(in, 4); // coupling
        for (int mixdown : new int[] {4, 4, 3}) { // mono, stereo, matrix
            out.copy(in, out.copy(in, 1) == 1 ? mixdown : 0);
        }
        // In front, at the sides and behind come first, coupling last; all are only copied.
        out.copyAll(in, 5 * fives + 4 * fours);
        in.align();
        out.align();
        int comment = out.copy(in, 8);
        out.copyAll(in, 8 * comment);
        return Bytes.wrap(out.bytes());
    }

    /** Parses an ADTS header. */
    public static Aac parseAdts(byte[] bytes, int from, int to) throws UnreadableMedia {
        if (!isAdts(bytes, from, to)) {
            throw new UnreadableMedia("its AAC frame has no ADTS header");
        }
        int second = bytes[from + 2];
        int objectType = (second >> 6 & 3) + 1;
        int channels = (second & 1) << 2 | bytes[from + 3] >> 6 & 3;
        return checked(objectType, second >> 2 & 15, channels, Bytes.EMPTY);
    }

    /** Whether an ADTS header begins at {@code from}. */
    public static boolean isAdts(byte[] bytes, int from, int to) {
        return to - from >= ADTS_BYTES && bytes[from] == (byte) 0xff && (bytes[from + 1] & 0xf6) == 0xf0;
    }

    /** Length of the frame whose ADTS header begins at {@code at}, header included. */
    public static int adtsLength(byte[] bytes, int at) {
        return (bytes[at + 3] & 3) << 11 | (bytes[at + 4] & 0xff) << 3 | (bytes[at + 5] & 0xe0) >> 5;
    }

    /** In hertz. */
    public int sampleRate() {
        return RATES[rateIndex];
    }

    /** As told to viewers. */
    public AudioFormat format() {
        return new AudioFormat("aac", sampleRate(), "mp4a.40." + objectType);
    }

    /** Writes the header of a frame of {@code payload} bytes at {@code at}. */
    public void writeAdts(byte[] out, int at, int payload) throws UnreadableMedia {
        int length = payload + ADTS_BYTES;
        if (length > MAX_ADTS_FRAME) {
            throw new UnreadableMedia("an AAC frame of " + payload + " bytes is too long");
        }
        out[at] = (byte) 0xff;
        out[at + 1] = (byte) 0xf1;
        out[at + 2] = (byte) (objectType - 1 << 6 | rateIndex << 2 | channels >> 2);
        out[at + 3] = (byte) ((channels & 3) << 6 | length >> 11);
        out[at + 4] = (byte) (length >> 3);
        out[at + 5] = (byte) (length << 5 | 0x1f);
        out[at + 6] = (byte) 0xfc;
    }

    /** A frame with its header, the program config element put before its content if there is one. */
    public byte[] withElement(byte[] frame) {
        int length = frame.length + element.size();
        if (element.isEmpty() || length > MAX_ADTS_FRAME) {
            return frame;
        }
        byte[] out = new byte[length];
        System.arraycopy(frame, 0, out, 0, ADTS_BYTES);
        System.arraycopy(element.unsafeArray(), 0, out, ADTS_BYTES, element.size());
        System.arraycopy(frame, ADTS_BYTES, out, ADTS_BYTES + element.size(), frame.length - ADTS_BYTES);
        out[3] = (byte) (frame[3] & 0xfc | length >> 11);
        out[4] = (byte) (length >> 3);
        out[5] = (byte) (length << 5 | frame[5] & 0x1f);
        return out;
    }

    private static int objectType(BitReader in) throws UnreadableMedia {
        int type = in.bits(5);
        return type == 31 ? 32 + in.bits(6) : type;
    }

    private static int rateIndex(BitReader in) throws UnreadableMedia {
        int index = in.bits(4);
        if (index < 15) {
            return index;
        }
        int rate = in.bits(24);
        for (int i = 0; i < RATES.length; i++) {
            if (RATES[i] == rate) {
                return i;
            }
        }
        throw new UnreadableMedia("its AAC sample rate " + rate + " has no ADTS header");
    }

    private static Aac checked(int objectType, int rateIndex, int channels, Bytes element)
            throws UnreadableMedia {
        if (objectType < 1 || objectType > 4) {
            throw new UnreadableMedia("its AAC object type " + objectType + " has no ADTS header");
        }
        if (rateIndex >= RATES.length) {
            throw new UnreadableMedia("its AAC sample rate index " + rateIndex + " does not exist");
        }
        if (channels > 7) {
            throw new UnreadableMedia("its AAC channel configuration " + channels + " does not exist");
        }
        return new Aac(objectType, rateIndex, channels, element);
    }
}
