package io.millrace.livepeer.byoc;

import io.millrace.api.job.Failure;
import io.millrace.api.orchestrator.Accepted;
import io.millrace.api.orchestrator.Completion;
import io.millrace.api.resource.Budget;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.livepeer.web.BodyException;
import io.millrace.livepeer.web.BodyReader;
import io.millrace.livepeer.web.DeadlineExceededException;
import io.millrace.livepeer.web.EventStream;
import io.millrace.livepeer.web.WebClient;
import io.millrace.livepeer.web.WebResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;

/** A job whose answer has begun. What is read of the answer stays charged until this is closed. */
final class RemoteJob implements Accepted {

    /** An orchestrator keeps to the time of the job; its answer has a little more to get here. */
    static final Duration MARGIN = Duration.ofSeconds(5);

    private static final int MAX_TEXT = 500;

    private final String peer;
    private final WebResponse response;
    private final Budget.Charge charge;
    private final InstantSource clock;

    RemoteJob(String peer, WebResponse response, Budget heap, InstantSource clock) {
        this.peer = peer;
        this.response = response;
        this.charge = heap.open("answer");
        this.clock = clock;
    }

    @Override
    public Completion await(Deadline deadline) {
        boolean done = response.status() / 100 == 2;
        if (done && response.header("Content-Type").orElse("").contains(EventStream.CONTENT_TYPE)) {
            return new Completion.Streaming(
                    new EventStream(response, this::close), EventStream.CONTENT_TYPE);
        }
        Deadline later = Deadline.in(deadline.remaining(clock).plus(MARGIN), clock);
        try {
            Bytes body = response.body(BodyReader.of(charge, later, clock), WebClient.MAX_OBJECT, later);
            return done ? CompletedJob.done(response.header("Content-Type"), body) : failed(body);
        } catch (DeadlineExceededException e) {
            return CompletedJob.failed(unread(done), "the answer of " + peer + " did not end in time");
        } catch (BodyException e) {
            return CompletedJob.failed(unread(done), "the answer of " + peer + " was not read: " + e.getMessage());
        } catch (IOException e) {
            return CompletedJob.failed(
                    Thread.currentThread().isInterrupted() ? Failure.Kind.CANCELLED : unread(done),
                    "the answer of " + peer + " broke off: " + e.getMessage());
        }
    }

    /** A job that was done is not done again elsewhere because its answer was lost. */
    private static Failure.Kind unread(boolean done) {
        return done ? Failure.Kind.BROKEN_OFF : Failure.Kind.PEER;
    }

    /** Below 500 the job is at fault: every orchestrator would say so. */
    private Completion failed(Bytes body) {
        return CompletedJob.failed(
                response.status() < 500 ? Failure.Kind.INPUT : Failure.Kind.PEER, text(response, body.utf8()));
    }

    /** The words of an answer, or its status where it has none. */
    static String text(WebResponse response, String text) {
        String line = text.strip();
        return line.isEmpty() ? "status " + response.status() : line.substring(0, Math.min(line.length(), MAX_TEXT));
    }

    @Override
    public void close() {
        response.close();
        charge.close();
    }
}
