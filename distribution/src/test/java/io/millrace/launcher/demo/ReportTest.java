package io.millrace.launcher.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReportTest {

    private final List<String> segments = new ArrayList<>();
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private HttpServer gateway;
    private Report report;

    @BeforeEach
    void aGateway() throws Exception {
        gateway = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        gateway.createContext("/", exchange -> {
            byte[] body = ("{\"streams\":[{\"live\":true,\"renditions\":[\"240p\"],\"recent\":["
                            + String.join(",", segments) + "]}]}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        gateway.start();
        URI admin = URI.create("http://127.0.0.1:" + gateway.getAddress().getPort() + "/");
        report = new Report(admin, "demo", new PrintStream(printed, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void close() {
        gateway.stop(0);
    }

    private void segment(String outcome, double work) {
        segments.add(String.format(
                Locale.ROOT,
                "{\"sequence\":%d,\"seconds\":2.0,\"workSeconds\":%.2f,\"outcome\":\"%s\",\"reason\":\"\","
                        + "\"renditions\":[\"240p\"],\"bytes\":[1000]}",
                segments.size(), work, outcome));
    }

    private List<String> lines() {
        return printed.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void theSpeedIsHowManyTimesFasterThanItPlaysASegmentWasDone() throws Exception {
        segment("transcoded", 0.5);
        report.update();
        assertTrue(lines().getFirst().contains(" 4.00 x real time "), lines().toString());
        assertTrue(report.summary(2.0));
        assertTrue(lines().getLast().startsWith("complete: 1 segments") && lines().getLast().contains(" 4.00 x real time,"));
    }

    @Test
    void anOverloadedMachineIsSaidOnceWithWhatToDo() throws Exception {
        for (int i = 0; i < 5; i++) {
            segment("transcoded", 3.0);
        }
        report.update();
        List<String> said = lines().stream().filter(line -> line.contains("overloaded")).toList();
        assertEquals(1, said.size(), lines().toString());
        assertTrue(said.getFirst().contains("smaller picture"), said.getFirst());
        report.summary(10.0);
        assertTrue(lines().getLast().endsWith("; this machine was overloaded"), lines().getLast());
    }

    @Test
    void aSlowSegmentNowAndThenIsNoOverload() throws Exception {
        for (int i = 0; i < 6; i++) {
            segment("transcoded", i % 3 == 0 ? 1.0 : 3.0);
        }
        report.update();
        assertFalse(lines().toString().contains("overloaded"), lines().toString());
    }

    @Test
    void aStreamThatSomebodyEndedIsNotIncomplete() throws Exception {
        segment("transcoded", 0.5);
        report.update();
        report.stopped(3.5);
        assertTrue(lines().getLast().startsWith("stopped: 1 segments, 2.0 of 3.5 s of video"), lines().getLast());
    }
}
