package io.millrace.runner;

import io.millrace.api.compute.PipelineSession;
import io.millrace.api.compute.Result;
import io.millrace.api.compute.Result.Artifact;
import io.millrace.api.job.Failure;
import io.millrace.api.job.Payload;
import io.millrace.api.resource.Budget;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Capability;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.MessageSink;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A place at a runner. What goes wrong there is told in the words of go-livepeer (ai/worker/worker.go), by which gateways
 * tell a bad request from a broken runner.
 */
final class RunnerSession implements PipelineSession {

    /** The longest answer, in bytes; images are in it as text. */
    static final int MAX_ANSWER = 128 << 20;

    /** The longest line of a stream, and all of it, in bytes. */
    static final int MAX_LINE = 1 << 20;

    static final int MAX_STREAM = 64 << 20;

    private static final int OK = 200;
    private static final int MAX_MEDIA = 64;
    private static final int MAX_WORDS = 2000;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** What may be handed on as a result, by the media type that a runner gives it. */
    private static final Map<String, String> EXTENSIONS = Map.of(
            "image/png", ".png",
            "image/jpeg", ".jpg",
            "image/jpg", ".jpg",
            "image/gif", ".gif",
            "audio/wav", ".wav",
            "audio/x-wav", ".wav",
            "audio/mpeg", ".mp3");

    private final Runner runner;
    private final Budget heap;
    private final Runnable changed;
    private final InstantSource clock;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** With a place that was taken at {@code runner}; {@code changed} is run when it is given back. */
    RunnerSession(Runner runner, Budget heap, Runnable changed, InstantSource clock) {
        this.runner = runner;
        this.heap = heap;
        this.changed = changed;
        this.clock = clock;
    }

    @Override
    public String worker() {
        return runner.model().url().toString();
    }

    @Override
    public Result run(Payload payload, Bytes input, Deadline deadline) {
        if (!(payload instanceof Payload.Request request) || request.capability() != runner.model().capability()) {
            return Result.failed(Failure.Kind.INPUT, "a runner does AI requests of its own pipeline");
        }
        try (Budget.Charge charge = heap.open("runner's answer")) {
            HttpResponse<InputStream> response =
                    runner.post(request.contentType(), input.unsafeArray(), deadline.remaining(clock));
            try (InputStream body = response.body()) {
                if (response.statusCode() != OK) {
                    return refused(response.statusCode(), body);
                }
                return made(read(body, charge), request, charge);
            }
        } catch (IOException e) {
            return broken(e);
        }
    }

    @Override
    public Result stream(Payload.Request request, Bytes input, MessageSink<Bytes> answers, Deadline deadline) {
        try {
            HttpResponse<InputStream> response =
                    runner.post(request.contentType(), input.unsafeArray(), deadline.remaining(clock));
            try (InputStream body = new BufferedInputStream(response.body())) {
                if (response.statusCode() != OK) {
                    return Result.failed(kind(response.statusCode()), "unexpected status code: " + response.statusCode());
                }
                return streamed(body, request, answers, deadline);
            }
        } catch (IOException e) {
            return broken(e);
        } catch (Fault e) {
            return Result.failed(Failure.Kind.CANCELLED, e.getMessage());
        }
    }

    // -- a stream

    /** Hands on each event that a gateway can read; the one that gives a reason for its end is the last. */
    private Result streamed(InputStream body, Payload.Request request, MessageSink<Bytes> answers, Deadline deadline)
            throws IOException {
        int left = MAX_STREAM;
        for (String line = line(body); line != null; line = line(body)) {
            left -= line.length();
            if (left < 0) {
                return failed("it streamed more than " + MAX_STREAM + " bytes");
            }
            String data = line.startsWith("data:") ? line.substring(5).strip() : line.strip();
            if (data.equals("[DONE]")) {
                break;
            }
            if (data.isEmpty() || !(chunk(data) instanceof JsonObject chunk)) {
                continue;
            }
            answers.send(Bytes.utf8("data: " + chunk + "\n\n"), deadline);
            if (!Json.text(chunk.getJsonArray("choices").getFirst(), "finish_reason").isEmpty()) {
                return Result.made(List.of()).withUnits(request.units().orElse(1));
            }
        }
        return failed("its stream ended without a reason");
    }

    /** With at least one choice: gateways of the network look at the first one of each event. */
    private static JsonValue chunk(String data) {
        try {
            JsonValue value = Json.renamed(Json.value(data), url -> url);
            boolean good = value instanceof JsonObject object
                    && object.get("choices") instanceof JsonArray choices
                    && !choices.isEmpty()
                    && choices.getFirst() instanceof JsonObject;
            return good ? value : JsonValue.NULL;
        } catch (IllegalArgumentException e) {
            return JsonValue.NULL;
        }
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int b = in.read();
        if (b < 0) {
            return null;
        }
        for (; b >= 0 && b != '\n'; b = in.read()) {
            line.write(b);
            if (line.size() > MAX_LINE) {
                throw new IOException("a line of more than " + MAX_LINE + " bytes");
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    // -- one answer

    private static byte[] read(InputStream body, Budget.Charge charge) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] some = new byte[64 << 10];
        for (int count = body.read(some); count >= 0; count = body.read(some)) {
            // as text, as bytes and as what is made of it
            if (!charge.add(3L * count)) {
                throw new IOException("this node has no memory left for the answer");
            }
            all.write(some, 0, count);
            if (all.size() > MAX_ANSWER) {
                throw new IOException("an answer of more than " + MAX_ANSWER + " bytes");
            }
        }
        return all.toByteArray();
    }

    /** The document first, then the media, which it names instead of holding them. */
    private Result made(byte[] answer, Payload.Request request, Budget.Charge charge) throws IOException {
        List<Artifact> media = new ArrayList<>();
        JsonValue document;
        try {
            JsonValue said = Json.value(new String(answer, StandardCharsets.UTF_8), charge);
            if (!hasItsShape(said)) {
                return failed("its answer is none of this pipeline");
            }
            document = Json.renamed(said, url -> {
                Artifact medium = medium(url);
                media.add(medium);
                if (media.size() > MAX_MEDIA) {
                    throw new IllegalArgumentException("it has more than " + MAX_MEDIA + " media");
                }
                return medium.name() + medium.extension();
            });
        } catch (IllegalArgumentException e) {
            return failed(e.getMessage());
        }
        List<Artifact> artifacts = new ArrayList<>();
        artifacts.add(Artifact.of("answer", ".json", Bytes.utf8(document.toString())));
        artifacts.addAll(media);
        return Result.made(artifacts).withUnits(request.units().orElse(1));
    }

    /** What go-livepeer's nodes read of an answer, who take what is missing for empty. */
    private boolean hasItsShape(JsonValue said) {
        if (!(said instanceof JsonObject object)) {
            return false;
        }
        return switch (runner.model().capability()) {
            case Capability.AUDIO_TO_TEXT, Capability.IMAGE_TO_TEXT -> object.get("text") instanceof JsonString;
            case Capability.SEGMENT_ANYTHING_2 ->
                List.of("masks", "scores", "logits").stream().allMatch(key -> object.get(key) instanceof JsonString);
            case Capability.LLM -> object.get("choices") instanceof JsonArray choices && !choices.isEmpty();
            case Capability.TEXT_TO_SPEECH ->
                object.get("audio") instanceof JsonObject audio && audio.get("url") instanceof JsonString;
            default ->
                object.get("images") instanceof JsonArray images
                        && !images.isEmpty()
                        && images.stream().allMatch(image -> !Json.text(image, "url").isEmpty());
        };
    }

    private static Artifact medium(String url) {
        int comma = url.indexOf(',');
        if (!url.startsWith("data:") || comma < 0 || !url.substring(0, comma).endsWith(";base64")) {
            throw new IllegalArgumentException("a result is no data URL in base64");
        }
        String type = url.substring("data:".length(), comma - ";base64".length());
        String extension = EXTENSIONS.get(type.replaceAll(";.*", ""));
        if (extension == null) {
            throw new IllegalArgumentException("a result of a type that is not handed on");
        }
        byte[] name = new byte[4];
        RANDOM.nextBytes(name);
        return Artifact.of(
                HexFormat.of().formatHex(name),
                extension,
                Bytes.wrap(Base64.getDecoder().decode(url.substring(comma + 1))));
    }

    // -- what went wrong

    /** The pipeline as go-livepeer names it in its errors. */
    private String named() {
        return switch (runner.model().capability()) {
            case Capability.LLM -> "LLM";
            case Capability.SEGMENT_ANYTHING_2 -> "segment anything 2";
            default -> runner.model().pipeline();
        };
    }

    private static Failure.Kind kind(int status) {
        return switch (status) {
            case 400, 413, 415, 422 -> Failure.Kind.INPUT;
            case 503 -> Failure.Kind.BUSY;
            default -> Failure.Kind.PEER;
        };
    }

    private Result refused(int status, InputStream body) throws IOException {
        String text = new String(body.readNBytes(MAX_WORDS), StandardCharsets.UTF_8).strip();
        boolean toText = runner.model().capability() == Capability.IMAGE_TO_TEXT;
        String what = named() + " container returned " + status;
        return Result.failed(kind(status), switch (status) {
            case 413 -> what + (toText ? " " : ": ") + "file too large; max file size is 50MB";
            case 422 -> (toText ? what.replace("text container", "text  container") : what) + ": " + text;
            default -> what + ": " + words(text);
        });
    }

    /** What ai-runner says of an error, or the text itself. */
    private static String words(String text) {
        try {
            String said = Json.value(text) instanceof JsonObject object ? Json.text(object.get("detail"), "msg") : "";
            return said.isEmpty() ? text : said;
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    private Result failed(String what) {
        return Result.failed(Failure.Kind.PEER, named() + " container: " + what);
    }

    private Result broken(IOException e) {
        if (Thread.currentThread().isInterrupted()) {
            return Result.failed(Failure.Kind.CANCELLED, named() + " container: the job was given up");
        }
        return failed(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
    }

    @Override
    public void close() {
        if (!closed.getAndSet(true)) {
            runner.giveBack();
            changed.run();
        }
    }
}
