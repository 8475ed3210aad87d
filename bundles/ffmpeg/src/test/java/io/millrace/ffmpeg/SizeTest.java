package io.millrace.ffmpeg;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SizeTest {

    /** The cases that the network's reference transcoder is tested with, and a few turned ones. */
    @ParameterizedTest
    @CsvSource({
        "150x200, 0x250, 188x250",
        "200x300, 0x427, 284x426",
        "200x300, 426x0, 284x426",
        "123x456, 0x426, 146x542",
        "200x300, 0x428, 286x428",
        "400x456, 0x40, 146x166",
        "456x123, 426x0, 426x114",
        "456x123, 0x301, 300x80",
        "456x400, 100x0, 146x128",
        "500x100, 0x200, 250x50",
        "456x120, 0x400, 400x106",
        "123x123, 426x0, 426x426",
        "1920x1080, 360x640, 640x360",
        "1080x1920, 640x360, 360x640",
        "1920x1080, 9999x9999, 4096x2304",
        "1280x720, 1280x720, 1280x720"
    })
    void theLargerSideAskedForBecomesTheLargerSide(String source, String asked, String made) {
        Size profile = size(asked);
        assertEquals(
                size(made),
                Size.scaled(size(source), Size.longSide(Codec.profile(profile.width(), profile.height(), 0))));
    }

    private static Size size(String text) {
        String[] sides = text.split("x");
        return new Size(Integer.parseInt(sides[0]), Integer.parseInt(sides[1]));
    }
}
