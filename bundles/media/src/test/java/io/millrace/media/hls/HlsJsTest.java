package io.millrace.media.hls;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.api.value.ManifestId;
import io.millrace.media.web.TestServer;
import io.millrace.testkit.FfmpegCommand;
import io.millrace.testkit.InMemoryBudget;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The player that most pages have, in a real browser, on a stream that comes as time goes by. */
@Tag("ffmpeg")
@Tag("browser")
class HlsJsTest {

    /** The one that the node's own player page has. */
    private static final Path LIBRARY = Path.of("../ops/src/main/resources/io/millrace/ops/page/hls.js/hls.min.js");

    private static final ManifestId NAME = new ManifestId("show");
    private static final Duration SOON = Duration.ofSeconds(15);

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    Path folder;

    private HlsPublisher publisher;
    private TestServer server;
    private Chromium browser;
    private LiveStream stream;

    @BeforeEach
    void start() throws Exception {
        FfmpegCommand.required();
        publisher = new HlsPublisher(PublishedStream.limits(), InMemoryBudget.ample(), InstantSource.system());
        server = new TestServer("/*", new Site(new HlsServlet(publisher)));
        stream = new LiveStream(folder);
        browser = Chromium.start(folder.resolve("profile"));
    }

    @AfterEach
    void stop() {
        if (browser != null) {
            browser.close();
        }
        if (server != null) {
            stream.close();
            server.close();
        }
    }

    private void watch() {
        browser.open(server.uri("/"));
        browser.await("all.video.currentTime > all.begun + 1", SOON);
    }

    private String report() {
        return browser.evaluate("report()").toString();
    }

    /** A player begins three target durations behind the end of the list: six seconds (RFC 8216, 6.3.3). */
    @Test
    void itStartsSixSecondsBehindAndPlaysThroughASwitchAGapADiscontinuityAndTheEnd() throws Exception {
        stream.segments(7, "testsrc2").segments(2, "smptebars").gap(5).start(publisher, NAME, 4);
        watch();
        assertEquals("\"1.7.4\"", browser.evaluate("Hls.version").toString());
        assertEquals(2, browser.number("all.hls.levels.length"));
        assertEquals(6, browser.number("all.hls.targetLatency"), 0.01);
        assertEquals(6, browser.number("all.edge - all.begun"), 0.5, report());

        int other = browser.number("all.hls.currentLevel") == 0 ? 1 : 0;
        browser.evaluate("all.hls.nextLevel = " + other);
        browser.await(
                "all.hls.currentLevel === " + other + " && all.video.videoHeight === all.hls.levels[" + other + "].height",
                SOON);
        browser.evaluate("all.hls.nextLevel = 0");

        // the low rendition lacks segment 5, another encoder goes on there, and all break before segment 7
        browser.await("all.playing.at(-1) >= 7 && all.cc === 1", SOON);
        browser.await("all.video.ended && low.video.ended", SOON);
        System.out.println("hls.js: " + report());
        for (String player : List.of("all", "low")) {
            assertEquals("[]", browser.evaluate(player + ".fatal").toString(), report());
            assertEquals(18, browser.number(player + ".video.duration"), 0.3, report());
            assertEquals(8, browser.number(player + ".playing.at(-1)"), report());
        }
        assertEquals("[1,2,3,4,6,7,8]", browser.evaluate("low.playing").toString(), "with nothing to switch to");
    }

    /**
     * By hand, since it takes its three minutes: {@code -DexcludedGroups= -Dgroups=long}. Without a sound device the clock
     * of Chromium's sound, which its pictures follow, is some percent slow on a busy machine; the first player makes up for
     * that as the one of the node's own page does.
     */
    @Test
    @Tag("long")
    void itPlaysForThreeMinutesWithoutAStall() throws Exception {
        stream.segments(110, "testsrc2").start(publisher, NAME, 4);
        watch();
        browser.await("all.video.currentTime > all.begun + 181", Duration.ofSeconds(200));
        System.out.println("hls.js: " + report());
        for (String player : List.of("all", "low")) {
            assertEquals("[]", browser.evaluate(player + ".errors").toString(), report());
            assertEquals(0, browser.number(player + ".waited"), report());
        }
        assertEquals(6, browser.number("all.hls.latency"), 1, report());
    }

    /** What a page of somebody's own would have, and the stream beside it. */
    private static final class Site extends HttpServlet {

        private static final long serialVersionUID = 1L;

        private static final String PAGE = """
                <!doctype html>
                <title>Player</title>
                <script src="/hls.js"></script>
                <body></body>
                <script>
                  const play = (address, settings) => {
                    const video = document.createElement('video');
                    video.muted = video.autoplay = true;
                    document.body.append(video);
                    const hls = new Hls(settings);
                    const seen = {hls, video, playing: [], errors: [], fatal: [],
                      begun: Infinity, edge: 0, waited: 0, highest: 0, delay: 0, cc: 0};
                    video.addEventListener('playing', () => seen.begun = Math.min(seen.begun, video.currentTime));
                    video.addEventListener('waiting', () => seen.waited += seen.begun < Infinity ? 1 : 0);
                    video.addEventListener('timeupdate', () => {
                      if (seen.begun < Infinity) seen.highest = Math.max(seen.highest, hls.latency);
                      if (hls.playingDate) seen.delay = (Date.now() - hls.playingDate) / 1000;
                    });
                    hls.on(Hls.Events.LEVEL_UPDATED, (event, {details}) => seen.edge ||= details.edge);
                    hls.on(Hls.Events.FRAG_CHANGED, (event, {frag}) => {
                      seen.playing.push(frag.sn);
                      seen.cc = frag.cc;
                    });
                    hls.on(Hls.Events.ERROR, (event, problem) => {
                      const text = [problem.details, problem.frag?.sn, problem.error?.message].join(' ');
                      seen.errors.push(text);
                      if (problem.fatal) seen.fatal.push(text);
                    });
                    hls.loadSource(address);
                    hls.attachMedia(video);
                    return seen;
                  };
                  const all = play('/stream/show.m3u8', {maxLiveSyncPlaybackRate: 1.1});
                  const low = play('/stream/show/low.m3u8', {});
                  const tell = ({hls, video, ...seen}) => ({...seen, time: video.currentTime, latency: hls.latency,
                    target: hls.targetLatency, level: hls.currentLevel,
                    dropped: video.getVideoPlaybackQuality().droppedVideoFrames,
                    frames: video.getVideoPlaybackQuality().totalVideoFrames});
                  window.report = () => ({all: tell(all), low: tell(low)});
                </script>
                """;

        private final transient HlsServlet streams;

        Site(HlsServlet streams) {
            this.streams = streams;
        }

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            switch (request.getPathInfo()) {
                case "/" -> {
                    response.setContentType("text/html");
                    response.getWriter().write(PAGE);
                }
                case "/hls.js" -> {
                    response.setContentType("text/javascript");
                    response.getOutputStream().write(Files.readAllBytes(LIBRARY));
                }
                case "/favicon.ico" -> response.setStatus(HttpServletResponse.SC_NO_CONTENT);
                default -> streams.service(request, response);
            }
        }
    }
}
