package io.millrace.livepeer.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.livepeer.support.Listener;
import io.millrace.livepeer.support.OpenGuard;
import io.millrace.livepeer.support.WireServer;
import io.millrace.testkit.InMemoryBudget;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebClientTest {

    private static final int CALLS = 20;

    private final Clock clock = Clock.systemUTC();
    private WebClient web;

    @BeforeEach
    void open() {
        web = new WebClient(new CheckedAddresses(new OpenGuard(), clock), InMemoryBudget.ample(), clock);
    }

    @AfterEach
    void close() {
        web.close();
    }

    @Test
    void callsThatComeAtOnceShareAConnectionWhereThePeerHasHttp2(@TempDir Path directory) throws Exception {
        Meeting meeting = new Meeting();
        try (WireServer server = new WireServer(directory, Map.of("/*", meeting))) {
            Destination peer = new Destination(server.uri(), Optional.empty());
            assertEquals(Set.of("HTTP/2.0"), answers(peer));
            assertEquals(1, meeting.clients.size(), "connections");
        }
    }

    @Test
    void aPeerWithoutHttp2IsSpokenToInHttp1OneCallAConnection(@TempDir Path directory) throws Exception {
        Meeting meeting = new Meeting();
        try (WireServer server = WireServer.withoutHttp2(directory, Map.of("/*", meeting))) {
            Destination peer = new Destination(server.uri(), Optional.empty());
            assertEquals(Set.of("HTTP/1.1"), answers(peer));
            assertEquals(CALLS, meeting.clients.size(), "connections");
        }
    }

    @Test
    void aRequestSaysNoMoreThanItHasTo() throws Exception {
        try (Listener peer = new Listener("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) {
            Destination to = new Destination(peer.uri(), Optional.empty());
            web.post(to.below("/segment"), Map.of("Livepeer-Payment", ""), Bytes.EMPTY, soon()).close();
            String head = peer.heads.poll(20, TimeUnit.SECONDS);
            assertTrue(head.startsWith("POST /segment HTTP/1.1\r\n"), head);
            assertTrue(head.contains("\r\nHost: 127.0.0.1:" + peer.port() + "\r\n"), head);
            List<String> names = head.lines()
                    .skip(1)
                    .filter(line -> !line.isEmpty())
                    .map(line -> line.substring(0, line.indexOf(':')))
                    .sorted()
                    .toList();
            assertEquals(List.of("Content-Length", "Host", "Livepeer-Payment"), names);
        }
    }

    /** What so many calls at once are answered. */
    private Set<String> answers(Destination peer) throws Exception {
        List<FutureTask<String>> calls = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            FutureTask<String> call = new FutureTask<>(() -> {
                try (WebResponse response = web.post(peer, Map.of(), Bytes.utf8("x"), soon())) {
                    return response.body(100, soon()).utf8();
                }
            });
            calls.add(call);
            Thread.ofVirtual().start(call);
        }
        Set<String> answers = ConcurrentHashMap.newKeySet();
        for (FutureTask<String> call : calls) {
            answers.add(call.get(60, TimeUnit.SECONDS));
        }
        return answers;
    }

    private Deadline soon() {
        return Deadline.in(Duration.ofSeconds(50), clock);
    }

    /** Answers with the protocol once all calls are there. */
    private static final class Meeting extends HttpServlet {

        private static final long serialVersionUID = 1L;

        private final transient CountDownLatch here = new CountDownLatch(CALLS);
        private final Set<Integer> clients = ConcurrentHashMap.newKeySet();

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            clients.add(request.getRemotePort());
            here.countDown();
            boolean all = false;
            try {
                all = here.await(40, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            response.getWriter().print(all ? request.getProtocol() : "alone");
        }
    }
}
