package io.millrace.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogTailTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | ''",
                "1 | 'three\n'",
                "2 | 'two\nthree\n'",
                "3 | 'one\ntwo\nthree\n'",
                "9 | 'one\ntwo\nthree\n'"
            })
    void theLastLinesAreShown(int lines, String expected) throws IOException {
        write("one\ntwo\nthree\n");
        assertEquals(expected, shown(lines));
    }

    @Test
    void aLineThatIsBeingWrittenCountsAsOne() throws IOException {
        write("one\ntwo\nthr");
        assertEquals("two\nthr", shown(2));
    }

    @Test
    void aFileLargerThanABlockIsReadFromItsEnd() throws IOException {
        write("a line of some length that fills blocks\n".repeat(10_000) + "last\n");
        assertEquals("a line of some length that fills blocks\nlast\n", shown(2));
    }

    @Test
    void anEmptyFileHasNoLines() throws IOException {
        write("");
        assertEquals("", shown(5));
    }

    @Test
    void whatComesLaterIsShownInTheNextFileToo() throws IOException {
        write("one\n");
        try (LogTail tail = LogTail.open(file(), 1)) {
            assertEquals("one\n", next(tail));
            write("two\n");
            assertEquals("two\n", next(tail));
            assertEquals("", next(tail));
            write("last of the old\n");
            Files.move(file(), folder.resolve("millrace.1.log"));
            assertEquals("last of the old\n", next(tail), "its successor is not there yet");
            write("first of the new\n");
            assertEquals("first of the new\n", next(tail));
        }
    }

    @Test
    void aFileThatIsBegunAgainIsShownFromItsBeginning() throws IOException {
        write("one\ntwo\n");
        try (LogTail tail = LogTail.open(file(), 9)) {
            next(tail);
            Files.writeString(file(), "new\n");
            assertEquals("new\n", next(tail));
        }
    }

    private Path file() {
        return folder.resolve("millrace.log");
    }

    private void write(String text) throws IOException {
        Files.writeString(file(), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private String shown(int lines) throws IOException {
        try (LogTail tail = LogTail.open(file(), lines)) {
            return next(tail);
        }
    }

    private static String next(LogTail tail) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        tail.copyTo(out);
        return out.toString(StandardCharsets.UTF_8);
    }
}
