package io.millrace.media.web;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamPathTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "/live/abc/0.ts     | abc   | 0       | .ts   | 0",
        "/live/abc/x/17.mp4 | abc   | x/17    | .mp4  | 17",
        "/live/17.ts        | 17    | ''      | .ts   | 17",
        "/live/.ts          | ''    | ''      | .ts   | ''",
        "/live/             | ''    | ''      | ''    | ''",
        "//live//abc/0.ts   | ''    | abc/0   | .ts   | 0",
        "/stream/m.m3u8     | m     | ''      | .m3u8 | m",
        "/stream/live/m/720p.m3u8 | m | 720p  | .m3u8 | 720p",
        "/live/alive/0.ts   | alive | 0       | .ts   | 0",
        "/live/a.b/c        | a.b   | c       | ''    | c",
    })
    void aPathIsSplitIntoNameAndRest(String path, String manifest, String rest, String extension, String file) {
        StreamPath split = StreamPath.of(path);
        assertEquals(new StreamPath(manifest, rest, extension), split);
        assertEquals(file, split.file());
    }
}
