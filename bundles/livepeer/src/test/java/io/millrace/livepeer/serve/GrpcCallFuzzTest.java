package io.millrace.livepeer.serve;

import io.millrace.api.orchestrator.Refusal;
import io.millrace.livepeer.fuzz.ByteGrowth;
import io.millrace.livepeer.fuzz.Fuzz;
import io.millrace.livepeer.fuzz.ProtobufGrowth;
import io.millrace.livepeer.support.Capture;
import io.millrace.livepeer.support.NoAccount;
import io.millrace.livepeer.support.ScriptedOrchestrator;
import io.millrace.testkit.InMemoryBudget;
import io.millrace.testkit.InMemoryObjectStore;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Any call ends with a status of gRPC, and takes no memory with it. */
class GrpcCallFuzzTest {

    private static final Set<String> STATUSES = Set.of("0", "2", "8", "12", "13");

    private final InMemoryBudget heap = new InMemoryBudget(1 << 20);
    private final ScriptedOrchestrator orchestrator = new ScriptedOrchestrator(new InMemoryObjectStore());
    private final GrpcCall calls = new GrpcCall(
            new OrchestratorMethods(orchestrator, new NoAccount(), Clock.systemUTC()).byPath(),
            heap,
            Clock.systemUTC());

    @Test
    void framesEndWithAStatus() {
        orchestrator.refuse(Refusal.Reason.CAPPED, "full");
        Fuzz.run(
                new ByteGrowth(),
                Set.of(),
                this::call,
                Capture.bytes("push-presets/002-POST_net.Orchestrator_GetOrchestrator.req.bin"));
    }

    @Test
    void messagesEndWithAStatus() {
        Fuzz.run(
                new ProtobufGrowth(),
                Set.of(),
                message -> call(ByteBuffer.allocate(5 + message.length)
                        .put((byte) 0)
                        .putInt(message.length)
                        .put(message)
                        .array()),
                Capture.grpc("push-presets/002-POST_net.Orchestrator_GetOrchestrator.req.bin"));
    }

    private void call(byte[] body) throws IOException {
        String[] methods = {"GetOrchestrator", "EndTranscodingSession", "Ping", "Other"};
        String method = methods[new Random(body.length).nextInt(methods.length)];
        Map<String, Object> request = Map.of(
                "getContentType", "application/grpc",
                "getProtocol", "HTTP/2.0",
                "getMethod", "POST",
                "getRequestURI", "/net.Orchestrator/" + method,
                "getInputStream", new Input(body));
        AtomicReference<Supplier<Map<String, String>>> trailers = new AtomicReference<>();
        calls.serve(fake(HttpServletRequest.class, request, trailers), fake(
                HttpServletResponse.class, Map.of("getOutputStream", new Output()), trailers));
        String status = trailers.get().get().get("grpc-status");
        if (!STATUSES.contains(status) || heap.used() != 0) {
            throw new AssertionError("status " + status + ", " + heap.used() + " bytes left charged");
        }
    }

    @SuppressWarnings("unchecked")
    private static <T> T fake(
            Class<T> type, Map<String, Object> answers, AtomicReference<Supplier<Map<String, String>>> trailers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (method.getName().equals("setTrailerFields")) {
                        trailers.set((Supplier<Map<String, String>>) arguments[0]);
                    }
                    return answers.get(method.getName());
                }));
    }

    private static final class Input extends ServletInputStream {

        private final InputStream bytes;

        Input(byte[] bytes) {
            this.bytes = new ByteArrayInputStream(bytes);
        }

        @Override
        public int read() throws IOException {
            return bytes.read();
        }

        @Override
        public boolean isFinished() {
            return false;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setReadListener(ReadListener listener) {}
    }

    private static final class Output extends ServletOutputStream {

        @Override
        public void write(int b) {}

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setWriteListener(WriteListener listener) {}
    }
}
