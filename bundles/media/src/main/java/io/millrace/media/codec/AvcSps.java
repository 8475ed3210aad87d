package io.millrace.media.codec;

/**
 * An H.264 sequence parameter set (ISO/IEC 14496-10, 7.3.2.1.1), as far as a gateway needs it.
 *
 * @param format what viewers and orchestrators are told
 * @param separatePlanes the three colour planes are coded apart
 * @param frameNumberBits bits of frame_num in a slice header
 * @param framesOnly no picture is a field
 */
public record AvcSps(VideoFormat format, boolean separatePlanes, int frameNumberBits, boolean framesOnly) {

    private static final int EXTENDED_SAR = 255;

    /** Longest parameter set read, in bytes; real ones have less than 100. */
    private static final int MAX_BYTES = 4096;

    /** Parses the NAL unit at {@code from}, header byte included. */
    public static AvcSps parse(byte[] nal, int from, int to) throws UnreadableMedia {
        if (to - from < 4) {
            throw new UnreadableMedia("its H.264 parameter set is empty");
        }
        BitReader in = BitReader.overNal(nal, from + 1, Math.min(to, from + MAX_BYTES));
        int profile = in.bits(8);
        int constraints = in.bits(8);
        int level = in.bits(8);
        in.unsigned(); // seq_parameter_set_id
        int chroma = 1;
        int depth = 8;
        boolean separatePlanes = false;
        if (isHigh(profile)) {
            chroma = in.unsigned();
            if (chroma > 3) {
                throw new UnreadableMedia("its H.264 chroma format " + chroma + " does not exist");
            }
            separatePlanes = chroma == 3 && in.flag();
            depth = 8 + in.unsigned();
            in.unsigned(); // bit_depth_chroma_minus8
            in.flag(); // qpprime_y_zero_transform_bypass_flag
            if (in.flag()) {
                skipScalingLists(in, chroma == 3 ? 12 : 8);
            }
        }
        if (depth < 8 || depth > 14) {
            throw new UnreadableMedia("its H.264 bit depth " + depth + " does not exist");
        }
        int frameNumberBits = in.unsigned() + 4;
        if (frameNumberBits < 4 || frameNumberBits > 16) {
            throw new UnreadableMedia("its H.264 frame numbers are too long");
        }
        skipPictureOrder(in);
        in.unsigned(); // max_num_ref_frames
        in.flag(); // gaps_in_frame_num_value_allowed_flag
        long columns = in.unsigned() + 1L;
        long rows = in.unsigned() + 1L;
        boolean framesOnly = in.flag();
        if (!framesOnly) {
            in.flag(); // mb_adaptive_frame_field_flag
        }
        in.flag(); // direct_8x8_inference_flag
        long width = columns * 16;
        long height = rows * 16 * (framesOnly ? 1 : 2);
        VideoFormat.checkSize(width, height);
        if (in.flag()) {
            int unitX = chroma == 1 || chroma == 2 ? 2 : 1;
            int unitY = (chroma == 1 ? 2 : 1) * (framesOnly ? 1 : 2);
            width -= unitX * ((long) in.unsigned() + in.unsigned());
            height -= unitY * ((long) in.unsigned() + in.unsigned());
            VideoFormat.checkSize(width, height);
        }
        double rate = in.flag() ? framesPerSecond(in) : 0;
        String pixels = VideoFormat.pixelFormat(chroma, depth);
        String name = String.format("avc1.%02X%02X%02X", profile, constraints, level);
        VideoFormat format = new VideoFormat("h264", (int) width, (int) height, pixels, rate, name);
        return new AvcSps(format, separatePlanes, frameNumberBits, framesOnly);
    }

    private static boolean isHigh(int profile) {
        return switch (profile) {
            case 100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135 -> true;
            default -> false;
        };
    }

    private static void skipScalingLists(BitReader in, int count) throws UnreadableMedia {
        for (int list = 0; list < count; list++) {
            if (!in.flag()) {
                continue;
            }
            int last = 8;
            int next = 8;
            for (int i = 0; i < (list < 6 ? 16 : 64); i++) {
                if (next != 0) {
                    next = last + in.signed() & 0xff;
                }
                last = next == 0 ? last : next;
            }
        }
    }

    private static void skipPictureOrder(BitReader in) throws UnreadableMedia {
        int type = in.unsigned();
        if (type == 0) {
            in.unsigned(); // log2_max_pic_order_cnt_lsb_minus4
        } else if (type == 1) {
            in.flag(); // delta_pic_order_always_zero_flag
            in.signed(); // offset_for_non_ref_pic
            in.signed(); // offset_for_top_to_bottom_field
            int cycle = in.unsigned();
            for (int i = 0; i < cycle; i++) {
                in.signed(); // offset_for_ref_frame
            }
        }
    }

    /** Reads the video usability information (annex E) up to the timing. */
    private static double framesPerSecond(BitReader in) throws UnreadableMedia {
        if (in.flag() && in.bits(8) == EXTENDED_SAR) {
            in.skip(32);
        }
        if (in.flag()) {
            in.flag(); // overscan_appropriate_flag
        }
        if (in.flag()) {
            in.bits(4); // video_format, video_full_range_flag
            if (in.flag()) {
                in.skip(24); // colour description
            }
        }
        if (in.flag()) {
            in.unsigned(); // chroma_sample_loc_type_top_field
            in.unsigned(); // chroma_sample_loc_type_bottom_field
        }
        if (!in.flag()) {
            return 0;
        }
        long tick = Integer.toUnsignedLong(in.bits(32));
        long scale = Integer.toUnsignedLong(in.bits(32));
        return tick == 0 ? 0 : scale / (2.0 * tick);
    }
}
