package io.millrace.media.codec;

/**
 * How AAC frames are made (ISO/IEC 14496-3, 1.6.2.1): what an ADTS header in front of each says.
 *
 * @param objectType 2 for low complexity
 * @param rateIndex into the table of sample rates
 * @param channels channel configuration, 0 to 7
 */
public record Aac(int objectType, int rateIndex, int channels) {

    /** Length of the header written. */
    public static final int ADTS_BYTES = 7;

    /** Samples of a frame. */
    public static final int FRAME_SAMPLES = 1024;

    private static final int MAX_ADTS_FRAME = 0x1fff;

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
        return checked(objectType, rateIndex, channels);
    }

    /** Parses an ADTS header. */
    public static Aac parseAdts(byte[] bytes, int from, int to) throws UnreadableMedia {
        if (!isAdts(bytes, from, to)) {
            throw new UnreadableMedia("its AAC frame has no ADTS header");
        }
        int second = bytes[from + 2];
        int objectType = (second >> 6 & 3) + 1;
        int channels = (second & 1) << 2 | bytes[from + 3] >> 6 & 3;
        return checked(objectType, second >> 2 & 15, channels);
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

    private static Aac checked(int objectType, int rateIndex, int channels) throws UnreadableMedia {
        if (objectType < 1 || objectType > 4) {
            throw new UnreadableMedia("its AAC object type " + objectType + " has no ADTS header");
        }
        if (rateIndex >= RATES.length) {
            throw new UnreadableMedia("its AAC sample rate index " + rateIndex + " does not exist");
        }
        if (channels > 7) {
            throw new UnreadableMedia("its AAC channel configuration " + channels + " does not exist");
        }
        return new Aac(objectType, rateIndex, channels);
    }
}
