package io.millrace.media.codec;

/** An H.265 sequence parameter set (ISO/IEC 23008-2, 7.3.2.2), read up to the bit depth. */
public final class HevcSps {

    private static final int MAX_BYTES = 4096;

    private HevcSps() {}

    /** Parses the NAL unit at {@code from}, its two header bytes included. */
    public static VideoFormat parse(byte[] nal, int from, int to) throws UnreadableMedia {
        if (to - from < 16) {
            throw new UnreadableMedia("its H.265 parameter set is empty");
        }
        BitReader in = BitReader.overNal(nal, from + 2, Math.min(to, from + MAX_BYTES));
        in.bits(4); // sps_video_parameter_set_id
        int layers = in.bits(3);
        in.flag(); // sps_temporal_id_nesting_flag
        String name = profileTierLevel(in, layers);
        in.unsigned(); // sps_seq_parameter_set_id
        int chroma = in.unsigned();
        if (chroma > 3) {
            throw new UnreadableMedia("its H.265 chroma format " + chroma + " does not exist");
        }
        if (chroma == 3) {
            in.flag(); // separate_colour_plane_flag
        }
        long width = in.unsigned();
        long height = in.unsigned();
        VideoFormat.checkSize(width, height);
        if (in.flag()) {
            int unitX = chroma == 1 || chroma == 2 ? 2 : 1;
            int unitY = chroma == 1 ? 2 : 1;
            width -= unitX * ((long) in.unsigned() + in.unsigned());
            height -= unitY * ((long) in.unsigned() + in.unsigned());
            VideoFormat.checkSize(width, height);
        }
        int depth = 8 + in.unsigned();
        if (depth < 8 || depth > 16) {
            throw new UnreadableMedia("its H.265 bit depth " + depth + " does not exist");
        }
        String pixels = VideoFormat.pixelFormat(chroma, depth);
        return new VideoFormat("hevc", (int) width, (int) height, pixels, 0, name);
    }

    /** Reads profile_tier_level and makes the name of ISO/IEC 14496-15, annex E.3. */
    private static String profileTierLevel(BitReader in, int layers) throws UnreadableMedia {
        int space = in.bits(2);
        boolean high = in.flag();
        int profile = in.bits(5);
        int compatibility = Integer.reverse(in.bits(32));
        int[] constraints = new int[6];
        int used = 0;
        for (int i = 0; i < constraints.length; i++) {
            constraints[i] = in.bits(8);
            used = constraints[i] == 0 ? used : i + 1;
        }
        int level = in.bits(8);
        skipSubLayers(in, layers);
        StringBuilder name = new StringBuilder("hvc1.");
        if (space > 0) {
            name.append((char) ('A' + space - 1));
        }
        name.append(profile).append('.').append(Integer.toHexString(compatibility).toUpperCase());
        name.append('.').append(high ? 'H' : 'L').append(level);
        for (int i = 0; i < used; i++) {
            name.append('.').append(Integer.toHexString(constraints[i]).toUpperCase());
        }
        return name.toString();
    }

    private static void skipSubLayers(BitReader in, int layers) throws UnreadableMedia {
        boolean[] profile = new boolean[layers];
        boolean[] level = new boolean[layers];
        for (int i = 0; i < layers; i++) {
            profile[i] = in.flag();
            level[i] = in.flag();
        }
        if (layers > 0) {
            in.skip(2 * (8 - layers));
        }
        for (int i = 0; i < layers; i++) {
            in.skip((profile[i] ? 88 : 0) + (level[i] ? 8 : 0));
        }
    }
}
