package io.millrace.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.http.gate.GateLimits;
import io.millrace.http.gate.ServletTerms;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class GatesTest {

    @TempDir
    Path directory;

    private TestServer server;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.secure(TestServer.LIMITS, directory);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void anUnknownPathIsNotFoundInPlainText(Version version) throws Exception {
        for (String method : List.of("GET", "POST", "PUT", "DELETE")) {
            var answer = server.client(version)
                    .send(
                            server.request("/unknown").method(method, BodyPublishers.noBody()).build(),
                            BodyHandlers.ofString());
            assertEquals(404, answer.statusCode());
            assertEquals("404 page not found\n", answer.body());
            assertEquals(Optional.of("text/plain; charset=utf-8"), answer.headers().firstValue("Content-Type"));
        }
    }

    @Test
    void aServletsErrorKeepsItsOwnText() throws Exception {
        server.admit(new Answers((request, response) -> response.sendError(403, "OrchestratorBusy")), "/refuse");
        assertEquals("OrchestratorBusy\n", get(Version.HTTP_2, "/refuse").body());
    }

    @Test
    void aServletsFailureStaysInside() throws Exception {
        server.admit(
                new Answers((request, response) -> {
                    throw new IllegalStateException("secret");
                }),
                "/fail");
        var answer = get(Version.HTTP_1_1, "/fail");
        assertEquals(500, answer.statusCode());
        assertEquals("500 Server Error\n", answer.body());
    }

    @Test
    void aServletThatFailsForEverybodyIsLoggedOnce() throws Exception {
        server.admit(
                new Answers((request, response) -> {
                    throw new IOException("no such thing");
                }),
                "/fail");
        var log = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(log, true, UTF_8));
        try {
            for (int call = 0; call < 20; call++) {
                assertEquals(500, get(Version.HTTP_1_1, "/fail").statusCode());
            }
        } finally {
            System.setErr(before);
        }
        assertEquals(1, log.toString(UTF_8).lines().filter(line -> line.contains(" WARN ")).count(), log.toString(UTF_8));
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void aCallInTheGapWaitsForItsServlet(Version version) throws Exception {
        server.gates().open("/segment");
        var answer = server.client(version).sendAsync(server.request("/segment").build(), BodyHandlers.ofString());
        server.admit(Answers.with("here"), "/segment");
        assertEquals("here", await(answer).body());
    }

    @Test
    void aGapTooLongIsUnavailableWithAnEmptyBody() throws Exception {
        var limits = new ServerLimits(
                TestServer.LIMITS.body(),
                1 << 16,
                TestServer.LIMITS.connections(),
                Duration.ofSeconds(30),
                new GateLimits(10, 10, Duration.ofMillis(1), Duration.ZERO));
        try (var impatient = TestServer.plain(limits)) {
            impatient.gates().open("/segment");
            var answer = impatient
                    .client(Version.HTTP_1_1)
                    .send(impatient.request("/segment").build(), BodyHandlers.ofString());
            assertEquals(503, answer.statusCode());
            assertEquals("", answer.body());
            assertEquals("1", answer.headers().firstValue("Retry-After").orElseThrow());
        }
    }

    @Test
    void theNewestOfEqualServletsServesAndTheOldOneReturns() throws Exception {
        Servlet old = Answers.with("old");
        Servlet young = Answers.with("young");
        server.admit(old, "/segment");
        server.admit(young, "/segment");
        assertEquals("young", get(Version.HTTP_2, "/segment").body());
        server.gates().withdraw(young);
        assertEquals("old", get(Version.HTTP_2, "/segment").body());
    }

    @Test
    void rankingComesBeforeAge() throws Exception {
        server.admit(
                Answers.with("ranked"),
                ServletTerms.of(Map.of("millrace.http.path", "/segment", "service.ranking", 1, "service.id", 0L)));
        server.admit(Answers.with("young"), "/segment");
        assertEquals("ranked", get(Version.HTTP_2, "/segment").body());
    }

    @Test
    void aServletIsGivenItsParametersItsPathAndItsLoader() throws Exception {
        var seen = new CompletableFuture<String>();
        var servlet = new HttpServlet() {
            private static final long serialVersionUID = 1L;

            @Override
            protected void doGet(HttpServletRequest request, HttpServletResponse response) {
                boolean own = Thread.currentThread().getContextClassLoader() == GatesTest.class.getClassLoader();
                seen.complete(getInitParameter("color") + " " + request.getServletPath() + " " + request.getPathInfo()
                        + " " + own);
            }
        };
        server.admit(
                servlet, ServletTerms.of(Map.of("millrace.http.path", "/stream/*", "init.color", "red")));
        get(Version.HTTP_1_1, "/stream/a/b.ts");
        assertEquals("red /stream /a/b.ts true", await(seen));
    }

    @Test
    void aServletIsDestroyedOnlyAfterItsLastAnswer() throws Exception {
        var entered = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        var order = new LinkedBlockingQueue<String>();
        var servlet = new HttpServlet() {
            private static final long serialVersionUID = 1L;

            @Override
            protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
                entered.countDown();
                uninterrupted(() -> go.await(20, TimeUnit.SECONDS));
                response.getWriter().print("answered");
                order.add("answered");
            }

            @Override
            public void destroy() {
                order.add("destroyed");
            }
        };
        server.admit(servlet, "/segment");
        var answer = server.client(Version.HTTP_2).sendAsync(server.request("/segment").build(), BodyHandlers.ofString());
        entered.await();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var withdrawn = executor.submit(() -> server.gates().withdraw(servlet));
            go.countDown();
            withdrawn.get();
        }
        assertEquals("answered", await(answer).body());
        assertEquals(List.of("answered", "destroyed"), List.copyOf(order));
    }

    @Test
    void anAsynchronousCallHoldsItsServletUntilItCompletes() throws Exception {
        var contexts = new LinkedBlockingQueue<AsyncContext>();
        var servlet = new HeldOpen(contexts);
        server.admit(servlet, "/slow");
        var answer = server.client(Version.HTTP_2).sendAsync(server.request("/slow").build(), BodyHandlers.ofString());
        AsyncContext context = contexts.take();
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var withdrawn = executor.submit(() -> server.gates().withdraw(servlet));
            servlet.closed.await();
            assertFalse(servlet.destroyed.get());
            context.getResponse().getWriter().print("late");
            context.complete();
            withdrawn.get();
        }
        assertTrue(servlet.destroyed.get());
        assertEquals("late", await(answer).body());
    }

    @Test
    void aCallThatDoesNotEndInTimeIsCutOff() throws Exception {
        var limits = new ServerLimits(
                TestServer.LIMITS.body(),
                1 << 16,
                TestServer.LIMITS.connections(),
                Duration.ofSeconds(30),
                new GateLimits(10, 10, Duration.ZERO, Duration.ofMillis(50)));
        try (var impatient = TestServer.secure(limits, directory)) {
            var contexts = new LinkedBlockingQueue<AsyncContext>();
            var servlet = new HeldOpen(contexts);
            impatient.admit(servlet, "/slow");
            var answer = impatient
                    .client(Version.HTTP_2)
                    .sendAsync(impatient.request("/slow").build(), BodyHandlers.ofString());
            contexts.take();
            impatient.gates().withdraw(servlet);
            assertTrue(servlet.destroyed.get());
            assertTrue(failed(answer));
        }
    }

    // When the peer resets a stream that nobody reads or writes, Jetty tells no servlet.
    @Test
    void aCallWhosePeerIsGoneLetsGoOfItsServlet() throws Exception {
        var contexts = new LinkedBlockingQueue<AsyncContext>();
        var servlet = new HeldOpen(contexts);
        server.admit(servlet, "/slow");
        var answer = server.client(Version.HTTP_2)
                .sendAsync(server.request("/slow").build(), BodyHandlers.ofString());
        contexts.take();
        answer.cancel(true);
        // Longer than any call may take to end: only a swept lease lets this return without cutting off.
        long start = System.nanoTime();
        server.gates().withdraw(servlet);
        assertTrue(Duration.ofNanos(System.nanoTime() - start).compareTo(TestServer.LIMITS.gates().drain()) < 0);
    }

    @Test
    void aServletThatRefusesToBeInitialisedServesNothing() throws Exception {
        server.admit(Answers.with("old"), "/segment");
        var broken = new HttpServlet() {
            private static final long serialVersionUID = 1L;

            @Override
            public void init() throws ServletException {
                throw new ServletException("no");
            }
        };
        assertThrows(ServletException.class, () -> server.admit(broken, "/segment"));
        assertEquals("old", get(Version.HTTP_2, "/segment").body());
    }

    @Test
    void noCallFailsWhileServletsAreReplacedUnderLoad() throws Exception {
        int callersOfEach = 4;
        int swaps = 12;
        var end = new AtomicBoolean();
        var answered = new Semaphore(0);
        Servlet current = new Segments();
        server.admit(current, "/segment");
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Void>> load = new ArrayList<>();
            for (Version version : Version.values()) {
                HttpClient client = server.client(version);
                for (int i = 0; i < callersOfEach; i++) {
                    load.add(executor.submit(caller(client, end, answered)));
                }
            }
            for (int i = 0; i < swaps; i++) {
                Servlet next = new Segments();
                if (i % 2 == 0) {
                    server.gates().withdraw(current);
                    server.admit(next, "/segment");
                } else {
                    server.admit(next, "/segment");
                    server.gates().withdraw(current);
                }
                current = next;
                answered.drainPermits();
                assertTrue(answered.tryAcquire(10, TestServer.PATIENCE.toSeconds(), TimeUnit.SECONDS));
            }
            end.set(true);
            for (Future<Void> caller : load) {
                caller.get();
            }
        }
    }

    private Callable<Void> caller(HttpClient client, AtomicBoolean end, Semaphore answered) {
        var request = server.request("/segment").POST(BodyPublishers.ofByteArray(new byte[20_000])).build();
        return () -> {
            while (!end.get()) {
                HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
                assertEquals(200, answer.statusCode());
                assertEquals("20000", answer.body());
                answered.release();
            }
            return null;
        };
    }

    private HttpResponse<String> get(Version version, String path) throws Exception {
        return server.client(version).send(server.request(path).build(), BodyHandlers.ofString(UTF_8));
    }

    private static <T> T await(CompletableFuture<T> future) throws Exception {
        return future.get(TestServer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private static boolean failed(CompletableFuture<?> future) {
        return future.handle((answer, failure) -> failure != null).join();
    }

    private static void uninterrupted(Callable<?> wait) throws IOException {
        try {
            wait.call();
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    /** Fails whoever calls it outside its life. */
    private static final class Segments extends HttpServlet {

        private static final long serialVersionUID = 1L;
        private volatile boolean alive;

        @Override
        public void init() {
            alive = true;
        }

        @Override
        protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
            int length = request.getInputStream().readAllBytes().length;
            response.flushBuffer();
            if (alive) {
                response.getWriter().print(length);
            }
        }

        @Override
        public void destroy() {
            alive = false;
        }
    }

    /** Answers when somebody else says so. */
    private static final class HeldOpen extends HttpServlet implements AutoCloseable {

        private static final long serialVersionUID = 1L;
        private final transient BlockingQueue<AsyncContext> contexts;
        private final transient CountDownLatch closed = new CountDownLatch(1);
        private final transient AtomicBoolean destroyed = new AtomicBoolean();

        HeldOpen(BlockingQueue<AsyncContext> contexts) {
            this.contexts = contexts;
        }

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            AsyncContext context = request.startAsync();
            context.setTimeout(0);
            response.flushBuffer();
            contexts.add(context);
        }

        @Override
        public void close() {
            closed.countDown();
        }

        @Override
        public void destroy() {
            destroyed.set(true);
        }
    }
}
