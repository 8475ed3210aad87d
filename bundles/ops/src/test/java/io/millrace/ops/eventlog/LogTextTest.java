package io.millrace.ops.eventlog;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LogTextTest {

    @Test
    void whatAPeerSaysStaysOnOneLine() {
        assertEquals("a b  \\u2028c\\u001b[31mred", LogText.text("a\nb\r\n\u2028c\u001b[31mred"));
    }

    @Test
    void whatNobodySeesIsWrittenAsItsNumber() {
        assertEquals("a\\u202ebc", LogText.text("a\u202ebc"));
        assertEquals("a\\u0085\\u009bb", LogText.text("a\u0085\u009bb"));
        assertEquals("a\\u200b\\u3164\\ufe0f\\u00a0b", LogText.text("a\u200b\u3164\ufe0f\u00a0b"));
        assertEquals("Mühlbach 水車", LogText.text("Mühlbach 水車"));
    }

    @Test
    void aLongTextIsCutBetweenCharacters() {
        String cut = LogText.text("\ud83d\ude00".repeat(400));
        assertEquals("\ud83d\ude00".repeat(LogText.LONGEST) + "...", cut);
    }

    @Test
    void speedIsHowManyTimesFasterThanItPlays() {
        assertEquals("2.44 x real time", LogText.speed(Duration.ofMillis(820), Duration.ofSeconds(2)));
        assertEquals("in no time", LogText.speed(Duration.ZERO, Duration.ofSeconds(2)));
    }
}
