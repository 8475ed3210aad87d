package io.millrace.livepeer.call;

import io.millrace.api.job.Failure;
import io.millrace.api.job.Payload;
import io.millrace.api.orchestrator.Accepted;
import io.millrace.api.orchestrator.Completion;
import io.millrace.api.orchestrator.Output;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.orchestrator.Submission;
import io.millrace.api.resource.Budget;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.livepeer.mapping.AiDocument;
import io.millrace.livepeer.mapping.Malformed;
import io.millrace.livepeer.mapping.WebAddress;
import io.millrace.livepeer.mapping.WireJson;
import io.millrace.livepeer.web.BodyException;
import io.millrace.livepeer.web.BodyReader;
import io.millrace.livepeer.web.DeadlineExceededException;
import io.millrace.livepeer.web.Destination;
import io.millrace.livepeer.web.EventStream;
import io.millrace.livepeer.web.WebClient;
import io.millrace.livepeer.web.WebResponse;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** An orchestrator's answer to an AI job, whose first line is here. What is read of it stays charged until it is closed. */
final class RemoteAnswer implements Accepted {

    /** The longest document; the results of a segmentation are numbers as text. In bytes. */
    private static final long MAX_DOCUMENT = 64 << 20;

    /** Media of one answer. */
    private static final int MAX_MEDIA = 64;

    /** What an orchestrator says of a request that it cannot reckon up (go-livepeer: server/ai_http.go). */
    private static final List<String> UNREADABLE =
            List.of("Unable to calculate duration", "image: unknown format", "MaxTokens not specified");

    /** One of these is in all that it says of a payment (go-livepeer: pm, core/orchestrator.go). */
    private static final List<String> OF_PAYMENTS =
            List.of("ticket", "payment", "sender", "recipientrand", "balance", "price");

    private static final long MAX_WORDS = 64 << 10;
    private static final int MAX_TEXT = 500;

    private final Destination peer;
    private final Payload.Request job;
    private final WebResponse response;
    private final WebClient web;
    private final Budget.Charge charge;
    private final InstantSource clock;

    RemoteAnswer(
            Destination peer,
            Payload.Request job,
            WebResponse response,
            WebClient web,
            Budget heap,
            InstantSource clock) {
        this.peer = peer;
        this.job = job;
        this.response = response;
        this.web = web;
        this.charge = heap.open("AI answer");
        this.clock = clock;
    }

    /** Why the job was refused, or how it failed: an orchestrator tells both by a status that is not 200. */
    Submission refusal(Deadline deadline) {
        String text;
        try (this) {
            text = response.body(MAX_WORDS, deadline).utf8().strip();
        } catch (IOException e) {
            text = "";
        }
        text = text.isEmpty() ? "status " + response.status() : text.substring(0, Math.min(text.length(), MAX_TEXT));
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.contains("insufficient capacity")) {
            return new Refusal(Refusal.Reason.BUSY, text);
        }
        // what is wrong with a request is said in the words of Go's decoders, which are not to be listed
        boolean input = lower.contains("returned 400")
                || UNREADABLE.stream().anyMatch(text::startsWith)
                || response.status() == 400 && OF_PAYMENTS.stream().noneMatch(lower::contains);
        if (response.status() == 500 || input) {
            // where the request is at fault every orchestrator would say so
            return new Ended(failed(input ? Failure.Kind.INPUT : Failure.Kind.PEER, text));
        }
        return ErrorTexts.refusal(response.status(), text);
    }

    /** A job that is over already. */
    private record Ended(Completion completion) implements Accepted {

        @Override
        public Completion await(Deadline deadline) {
            return completion;
        }

        @Override
        public void close() {}
    }

    @Override
    public Completion await(Deadline deadline) {
        String type = response.header("Content-Type").orElse("");
        if (job.streaming() && type.contains(EventStream.CONTENT_TYPE)) {
            return new Completion.Streaming(new EventStream(response, this::close), EventStream.CONTENT_TYPE);
        }
        if (!type.contains("json")) {
            return failed(Failure.Kind.PEER, peer + " answered what is no JSON");
        }
        try {
            Bytes body = response.body(BodyReader.of(charge, deadline, clock), MAX_DOCUMENT, deadline);
            return done(WireJson.object(body, charge));
        } catch (DeadlineExceededException e) {
            return failed(Failure.Kind.TIMEOUT, "the answer of " + peer + " did not end in time");
        } catch (Fault e) {
            return givenUp(e.getMessage());
        } catch (IOException | Malformed e) {
            if (e instanceof BodyException own && own.reason() != Refusal.Reason.BODY_UNREADABLE) {
                return givenUp(e.getMessage());
            }
            return failed(
                    Thread.currentThread().isInterrupted() ? Failure.Kind.CANCELLED : Failure.Kind.PEER,
                    "the answer of " + peer + " was not read: " + e.getMessage());
        }
    }

    /** It is more than this node takes: nobody else's answer would be less, and each one is paid for. */
    private Completion givenUp(String why) {
        return failed(Failure.Kind.BROKEN_OFF, "the answer of " + peer + " is more than this node takes: " + why);
    }

    private Completion done(JsonObject document) throws Malformed {
        List<Output> media = new ArrayList<>();
        JsonObject renamed = AiDocument.renamed(document, url -> {
            if (media.size() >= MAX_MEDIA) {
                throw new Malformed("it has more than " + MAX_MEDIA + " media");
            }
            Output medium = medium(media.size(), url);
            media.add(medium);
            return medium.location();
        });
        List<Output> outputs = new ArrayList<>();
        // as text, which takes less than its values
        Bytes text = Bytes.utf8(renamed.toString());
        outputs.add(new Part("answer.json", deadline -> text));
        outputs.addAll(media);
        return Completion.Done.of(outputs).withUnits(job.units().orElse(0));
    }

    /** Named by its place and what it is: the peer's own names need not differ. */
    private Output medium(int index, String url) throws Malformed {
        if (url.startsWith("data:")) {
            int comma = url.indexOf(',');
            if (comma < 0 || !url.substring(0, comma).endsWith(";base64")) {
                throw new Malformed("a data URL that is not in base64");
            }
            try {
                Bytes data = Bytes.wrap(Base64.getDecoder().decode(url.substring(comma + 1)));
                return new Part(index + extension(url.substring(0, comma)), deadline -> data);
            } catch (IllegalArgumentException e) {
                throw new Malformed("a data URL that is not in base64");
            }
        }
        URI address = WebAddress.parse(url).orElseThrow(() -> new Malformed("a medium without an address"));
        return new Part(index + extension(url), deadline -> web.download(peer.at(address), deadline));
    }

    private static String extension(String url) {
        String end = url.toLowerCase(Locale.ROOT);
        for (String known : List.of("png", "mp4", "wav", "jpg", "gif", "mp3")) {
            if (end.endsWith("." + known) || end.contains("/" + known)) {
                return "." + known;
            }
        }
        return end.contains("image/jpeg") ? ".jpg" : ".bin";
    }

    /** The document of an answer, or one of its media. */
    private record Part(String location, Function<Deadline, Bytes> source) implements Output {

        @Override
        public String name() {
            return location;
        }

        @Override
        public long units() {
            return 0;
        }

        @Override
        public Bytes fetch(Deadline deadline) {
            return source.apply(deadline);
        }
    }

    private static Completion failed(Failure.Kind kind, String message) {
        return new Completion.Failed(new Failure(kind, message), Optional.empty());
    }

    @Override
    public void close() {
        response.close();
        charge.close();
    }
}
