package io.millrace.media.probe;

import static io.millrace.media.probe.Mp4File.box;
import static io.millrace.media.probe.Mp4File.fragmentHeader;
import static io.millrace.media.probe.Mp4File.header;
import static io.millrace.media.probe.Mp4File.ints;
import static io.millrace.media.probe.Mp4File.joined;
import static io.millrace.media.probe.Mp4File.repeated;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.media.codec.UnreadableMedia;
import org.junit.jupiter.api.Test;

/** MP4 files whose structure is made to cost. */
class Mp4ProbeTest {

    private static byte[] fragments(int headers, int runs) {
        return joined(
                header(),
                box(
                        "moof",
                        box(
                                "traf",
                                repeated(headers, fragmentHeader()),
                                repeated(runs, box("trun", ints(0x100, 1, 20))))));
    }

    @Test
    void repeatedFragmentHeadersCostNoMoreThanTheirNumber() throws UnreadableMedia {
        int few = Mp4Probe.boxesOf(fragments(500, 500));
        int twice = Mp4Probe.boxesOf(fragments(1000, 1000));
        assertEquals(2.0, (double) twice / few, 0.1);
        assertTrue(few < 3000, few + " boxes read of 1000");
    }

    @Test
    void samplesBesideARepeatedFragmentHeaderCountOnce() throws UnreadableMedia {
        assertEquals(50, Mp4Probe.probe(fragments(7, 50)).info().videoFrames());
    }

    @Test
    void moreBoxesThanASegmentNeedsAreRefused() {
        byte[] file = joined(header(), repeated(300_000, box("free")));
        UnreadableMedia refusal = assertThrows(UnreadableMedia.class, () -> Mp4Probe.probe(file));
        assertTrue(refusal.getMessage().contains("MP4 boxes"), refusal.getMessage());
    }

    @Test
    void boxesThatAreNestedTooDeepAreRefused() {
        byte[] nested = box("mdia");
        for (int i = 0; i < 20_000; i++) {
            nested = joined(ints(8 + nested.length, 0x6d646961), nested);
        }
        byte[] file = box("moov", box("trak", nested));
        assertThrows(UnreadableMedia.class, () -> Mp4Probe.probe(file));
    }
}
