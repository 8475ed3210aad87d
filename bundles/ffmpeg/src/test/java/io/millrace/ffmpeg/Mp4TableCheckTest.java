package io.millrace.ffmpeg;

import static io.millrace.ffmpeg.Codec.failure;
import static io.millrace.ffmpeg.Codec.one;
import static io.millrace.ffmpeg.Codec.profile;
import static io.millrace.ffmpeg.Mp4Boxes.box;
import static io.millrace.ffmpeg.Mp4Boxes.ints;
import static io.millrace.ffmpeg.Mp4Boxes.joined;
import static io.millrace.ffmpeg.Mp4Boxes.repeated;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.api.job.VideoProfile;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** MP4 files that claim more than they hold. */
class Mp4TableCheckTest {

    private static final byte[] PLAIN = new Clip().start(0).frames(30).in("mp4").make();
    private static final byte[] FRAGMENTED = new Clip()
            .start(0)
            .frames(30)
            .in("mp4")
            .muxing("movflags", "frag_keyframe+empty_moov+default_base_moof+dash")
            .make();
    private static final VideoProfile SMALL = profile(160, 90, 0);
    private static final int MANY = 80_000_000;

    private static void refused(byte[] file) {
        assertThrows(CodecError.class, () -> Mp4TableCheck.checked(file));
        assertEquals("TranscoderInvalidVideo", failure(file, SMALL));
    }

    @Test
    void filesThatMuxersWriteAreInOrder() {
        assertSame(PLAIN, Mp4TableCheck.checked(PLAIN));
        assertEquals(30, one(PLAIN, SMALL).frames().size());
        Mp4TableCheck.checked(FRAGMENTED);
        assertEquals(30, one(FRAGMENTED, SMALL).frames().size());
    }

    @Test
    void aSampleTableThatClaimsEightyMillionSamplesIsRefused() {
        byte[] file = Mp4Boxes.with(PLAIN, "stsz", 4, 1, MANY);
        refused(Mp4Boxes.with(Mp4Boxes.with(file, "stts", 8, MANY), "stsc", 12, MANY));
        refused(file);
        refused(Mp4Boxes.with(PLAIN, "stsz", 8, MANY));
    }

    @Test
    void theOtherTablesAreHeldToTheFileToo() {
        refused(Mp4Boxes.with(PLAIN, "stts", 8, MANY));
        refused(Mp4Boxes.with(PLAIN, "stts", 4, MANY));
        refused(Mp4Boxes.with(PLAIN, "stco", 4, MANY));
        refused(Mp4Boxes.with(PLAIN, "stsc", 4, MANY));
        refused(Mp4Boxes.with(PLAIN, "elst", 4, MANY));
    }

    @Test
    void aFragmentThatClaimsEightyMillionSamplesIsRefused() {
        refused(Mp4Boxes.with(FRAGMENTED, "trun", 0, 0, MANY));
        refused(Mp4Boxes.with(FRAGMENTED, "trun", 4, MANY));
    }

    @Test
    void aTableInABoxWhereNobodyLooksForItIsRefused() {
        byte[] table = box("stsz", ints(0, 1, MANY));
        refused(Mp4Boxes.inside(PLAIN, "stbl", box("udta", box("udta", table))));
        refused(Mp4Boxes.inside(PLAIN, "trak", table));
    }

    @Test
    void editsThatShowAllSamplesAgainAreCounted() {
        byte[] edits = box("elst", ints(0, 200), repeated(200, ints(1000, 0, 0x10000)));
        refused(Mp4Boxes.inside(Mp4Boxes.with(PLAIN, "stsz", 4, 1, 10_000), "edts", edits));
    }

    @Test
    void moreFragmentsThanASegmentHasAreRefused() {
        refused(joined(FRAGMENTED, repeated(20_001, box("moof"))));
    }

    @Test
    void aCompressedHeaderIsRefused() {
        refused(Mp4Boxes.inside(PLAIN, "moov", box("cmov", new byte[20])));
    }

    @Test
    void aSegmentIndexLeadsFfmpegNowhere() {
        byte[] file = joined(PLAIN, box("sidx", new byte[40]));
        String seen = new String(Mp4TableCheck.checked(file), StandardCharsets.ISO_8859_1);
        assertEquals(-1, seen.indexOf("sidx"));
        assertEquals(30, one(file, SMALL).frames().size());
    }

    /** "Tree trunk" holds the name of a box. */
    @Test
    void textThatLooksLikeATableIsNoReasonToRefuse() {
        byte[] text = "a tree trunk that was cut and selstered".getBytes(StandardCharsets.US_ASCII);
        byte[] file = Mp4Boxes.inside(PLAIN, "moov", box("udta", box("\u00a9cmt", text)));
        assertEquals(30, one(file, SMALL).frames().size());
    }
}
