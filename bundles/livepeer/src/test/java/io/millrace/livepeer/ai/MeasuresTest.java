package io.millrace.livepeer.ai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.api.value.Bytes;
import io.millrace.livepeer.mapping.Malformed;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class MeasuresTest {

    /** MPEG-1, layer III, 128 kbit/s, 44,100 Hz: 417 bytes and 1152 samples. */
    private static final byte[] FRAME_HEADER = {(byte) 0xff, (byte) 0xfb, (byte) 0x90, 0};

    private static void frames(ByteArrayOutputStream out, int count) {
        for (int i = 0; i < count; i++) {
            out.writeBytes(FRAME_HEADER);
            out.writeBytes(new byte[417 - FRAME_HEADER.length]);
        }
    }

    private static void tag(ByteArrayOutputStream out) {
        out.writeBytes(new byte[] {'I', 'D', '3', 3, 0, 0, 0, 0, 0, 20});
        out.writeBytes(new byte[20]);
    }

    @Test
    void aGifIsAsLargeAsItsScreenWhateverItsFirstFrameIs() throws Malformed {
        byte[] gif = {
            'G', 'I', 'F', '8', '9', 'a', 0x2c, 1, 100, 0, 0, 0, 0, // a screen of 300 by 100
            0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3b // a frame of 1 by 1
        };
        assertEquals(30_000, Measures.pixels(Bytes.wrap(gif)));
    }

    @Test
    void aGifWithoutAScreenIsNoImage() {
        Bytes gif = Bytes.utf8("GIF89a\0\0\0\0\0\0\0");
        assertThrows(Malformed.class, () -> Measures.pixels(gif));
    }

    @Test
    void theFramesOfAnMp3AreCountedBehindWhatIsNoFrameToo() throws Malformed {
        ByteArrayOutputStream sound = new ByteArrayOutputStream();
        tag(sound);
        tag(sound);
        frames(sound, 100);
        sound.writeBytes("no frame".getBytes(StandardCharsets.US_ASCII));
        frames(sound, 100);
        tag(sound);
        frames(sound, 100);
        // 300 frames of 26.12 milliseconds
        assertEquals(7, Measures.seconds(Bytes.wrap(sound.toByteArray())));
    }

    @Test
    void aTagThatIsLongerThanItsSoundIsNoSound() {
        ByteArrayOutputStream sound = new ByteArrayOutputStream();
        sound.writeBytes(new byte[] {'I', 'D', '3', 3, 0, 0, 127, 127, 127, 127});
        frames(sound, 100);
        assertThrows(Malformed.class, () -> Measures.seconds(Bytes.wrap(sound.toByteArray())));
    }

    @Test
    void anMp4WhoseHeaderIsTooShortHasNoLength() {
        byte[] sound = {
            0, 0, 0, 8, 'f', 't', 'y', 'p', // of no kind
            0, 0, 0, 20, 'm', 'o', 'o', 'v', 0, 0, 0, 12, 'm', 'v', 'h', 'd', 0, 0, 0, 0
        };
        Malformed no = assertThrows(Malformed.class, () -> Measures.seconds(Bytes.wrap(sound)));
        assertEquals(Measures.NO_DURATION, no.getMessage());
    }
}
