package io.millrace.livepeer.ai;

import io.millrace.api.orchestrator.Completion;
import io.millrace.api.orchestrator.Output;
import io.millrace.api.resource.Budget;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.MessageSource;
import io.millrace.livepeer.mapping.AiDocument;
import io.millrace.livepeer.mapping.Malformed;
import io.millrace.livepeer.mapping.WireJson;
import io.millrace.livepeer.web.EventStream;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Writes what an AI request was answered with. */
final class AiAnswer {

    /** Where a client or a gateway finds a medium. */
    @FunctionalInterface
    interface Place {

        String of(Output medium);
    }

    private AiAnswer() {}

    /**
     * The document of an answer, with the addresses of its media.
     *
     * @param heap what it takes while it is put together is charged to
     * @throws Malformed when the answer is no document, or names a medium that is not there
     * @throws Fault when a part of it cannot be had
     */
    static String document(Completion.Done done, Place place, Budget heap, Deadline deadline) throws Malformed {
        if (done.outputs().isEmpty()) {
            throw new Malformed("it is empty");
        }
        Map<String, Output> media = new HashMap<>();
        done.outputs().stream().skip(1).forEach(each -> media.put(fileName(each), each));
        Bytes document = done.outputs().getFirst().fetch(deadline);
        try (Budget.Charge charge = heap.open("AI answer")) {
            return AiDocument.text(WireJson.object(document, charge), url -> {
                Output medium = media.get(url);
                if (medium == null) {
                    throw new Malformed("it names a medium that is not there");
                }
                return place.of(medium);
            });
        }
    }

    /** The last part of where it lies. */
    static String fileName(Output medium) {
        return medium.location().substring(medium.location().lastIndexOf('/') + 1);
    }

    static void send(String document, HttpServletResponse response) throws IOException {
        send(200, document, response);
    }

    static void send(int status, String document, HttpServletResponse response) throws IOException {
        byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
        response.setStatus(status);
        response.setHeader("Content-Type", "application/json");
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }

    /** Each event is with its reader before the next one is asked for. Its end is the end of the answer. */
    static void stream(Completion.Streaming streaming, Deadline deadline, HttpServletResponse response)
            throws IOException {
        try (MessageSource<Bytes> chunks = new Chunks(streaming.messages())) {
            response.setHeader("Content-Type", EventStream.CONTENT_TYPE);
            response.setHeader("Cache-Control", "no-cache");
            for (Optional<Bytes> event = chunks.next(deadline); event.isPresent(); event = chunks.next(deadline)) {
                response.getOutputStream().write(event.get().unsafeArray());
                response.flushBuffer();
            }
        } catch (Fault e) {
            // The status is out: only a connection that breaks off says that the answer is not whole.
            throw new IOException("the answer broke off: " + e.getMessage(), e);
        }
    }
}
