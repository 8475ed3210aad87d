package io.millrace.livepeer.byoc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.job.Failure;
import io.millrace.api.job.JobSpec;
import io.millrace.api.job.Payload;
import io.millrace.api.orchestrator.Accepted;
import io.millrace.api.orchestrator.Body;
import io.millrace.api.orchestrator.Caller;
import io.millrace.api.orchestrator.Completion;
import io.millrace.api.orchestrator.Job;
import io.millrace.api.orchestrator.Payment;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.orchestrator.Submission;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Capability;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.MessageSource;
import io.millrace.livepeer.call.TestLinks;
import io.millrace.livepeer.support.Listener;
import io.millrace.livepeer.support.NoAccount;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a gateway makes of answers to a job that are none. */
class OddOrchestratorsTest {

    private static final String HEAD = "HTTP/1.1 200 OK\r\n";

    private static TestLinks links;

    @BeforeAll
    static void start() {
        links = new TestLinks(new NoAccount());
    }

    @AfterAll
    static void stop() {
        links.close();
    }

    @Test
    void anOrchestratorWithoutRoomIsBusyAndNotBroken() throws Exception {
        String full = "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 11\r\n\r\nNo capacity";
        try (Listener orchestrator = new Listener(full)) {
            Refusal refusal = assertInstanceOf(Refusal.class, submit(orchestrator.uri()));
            assertEquals(new Refusal(Refusal.Reason.BUSY, "No capacity"), refusal);
            assertTrue(assertInstanceOf(
                            Refusal.class,
                            links.link(orchestrator.uri(), Optional.empty())
                                    .quote(JobRequest.needing("echo-cap"), Caller.ANONYMOUS, soon()))
                    .reason()
                    .isBusy());
        }
    }

    @Test
    void anAnswerThatBreaksOffIsAFailureOfAJobThatWasTaken() throws Exception {
        try (Listener orchestrator = new Listener(HEAD + "Content-Length: 100\r\n\r\nhalf")) {
            Failure failure = failure(orchestrator.uri());
            assertEquals(Failure.Kind.BROKEN_OFF, failure.kind());
            assertTrue(failure.message().contains("broke off"), failure.message());
        }
    }

    @Test
    void aJobThatLeftAndWasNotAnsweredMayBeAtWork() throws Exception {
        try (Listener orchestrator = new Listener("")) {
            Failure failure = failure(orchestrator.uri());
            assertEquals(Failure.Kind.BROKEN_OFF, failure.kind());
            assertTrue(failure.message().contains("gave no answer"), failure.message());
        }
    }

    @Test
    void whereNobodyListensNothingLeft() {
        assertInstanceOf(Submission.NotSent.class, submit(URI.create("http://127.0.0.1:1")));
    }

    @Test
    void eventsComeAsTheyWereWrittenUntilTheyAreDone() throws Exception {
        String events = "data: {\"n\":0}\n\ndata: {\"n\":1}\n\ndata: {\"balance\": 0.000}\n\n\ndata: [DONE]\n\n\n\n\n";
        try (Listener orchestrator = new Listener(
                HEAD + "Content-Type: text/event-stream\r\nConnection: close\r\n\r\n" + events)) {
            Accepted accepted = assertInstanceOf(Accepted.class, submit(orchestrator.uri()));
            try (MessageSource<Bytes> messages = assertInstanceOf(Completion.Streaming.class, accepted.await(soon()))
                    .messages()) {
                assertEquals(Optional.of(Bytes.utf8("data: {\"n\":0}\n\n")), messages.next(soon()));
                assertEquals(Optional.of(Bytes.utf8("data: {\"n\":1}\n\n")), messages.next(soon()));
                assertEquals(Optional.of(Bytes.utf8("data: {\"balance\": 0.000}\n\n")), messages.next(soon()));
                assertEquals(Optional.of(Bytes.utf8("data: [DONE]\n\n")), messages.next(soon()));
                assertEquals(Optional.empty(), messages.next(soon()));
            }
        }
    }

    private static Failure failure(URI orchestrator) {
        Accepted accepted = assertInstanceOf(Accepted.class, submit(orchestrator));
        return assertInstanceOf(Completion.Failed.class, accepted.await(soon())).failure();
    }

    private static Submission submit(URI orchestrator) {
        Payload.Request request = Payload.Request.of(Capability.BYOC, "echo-cap").contentType("text/plain").streaming(false).path("echo").build();
        Job job = new Job(JobSpec.anything(), request, Body.of(Bytes.utf8("hello")));
        return links.link(orchestrator, Optional.empty()).submit(Optional.empty(), job, Payment.NONE, soon());
    }

    private static Deadline soon() {
        return Deadline.in(Duration.ofSeconds(20), Clock.systemUTC());
    }
}
