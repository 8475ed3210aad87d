package io.millrace.livepeer.ai;

import io.millrace.api.job.JobSpec;
import io.millrace.api.job.Payload;
import io.millrace.api.orchestrator.Body;
import io.millrace.api.orchestrator.Job;
import io.millrace.api.resource.Budget;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Capabilities.Model;
import io.millrace.api.value.Capability;
import io.millrace.livepeer.ai.AiPipeline.Field;
import io.millrace.livepeer.mapping.Malformed;
import io.millrace.livepeer.mapping.WireJson;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.JsonValue.ValueType;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A request for an AI pipeline, as its client or a gateway wrote it. Fields that the network does not know are dropped;
 * what it does not check is for the runner to check.
 *
 * @param fields that were given, by name
 * @param media the image or the sound, where the pipeline takes one
 */
record AiRequest(AiPipeline pipeline, Map<String, JsonValue> fields, Optional<Multipart.File> media) {

    /** Characters of a number: no number of a request needs more, and longer ones cost time. */
    private static final int MAX_NUMBER = 32;

    /** Frames of a video, whatever is asked for (go-livepeer: server/ai_http.go). */
    private static final int FRAMES = 25;

    private static final int MAX_MODEL = 200;

    /** Images of one answer, as many as gateways and runners' answers are read with. */
    private static final int MAX_IMAGES = 64;

    /**
     * Reads a request.
     *
     * @param charge what its JSON takes of the heap is added here
     * @throws Malformed with the text of the network where it has one
     * @throws io.millrace.api.value.Fault as busy when the heap has no room for it, to give up when it is too large
     */
    static AiRequest read(AiPipeline pipeline, String contentType, Bytes body, Budget.Charge charge) throws Malformed {
        Map<String, JsonValue> fields = new TreeMap<>();
        Optional<Multipart.File> media = Optional.empty();
        if (pipeline.isJson()) {
            JsonObject object = object(body, charge);
            for (Field field : pipeline.fields) {
                JsonValue value = object.getOrDefault(field.name(), JsonValue.NULL);
                if (value != JsonValue.NULL) {
                    fields.put(field.name(), checked(field, value));
                }
            }
        } else {
            Multipart parts = Multipart.read(contentType, body, pipeline.media);
            for (Field field : pipeline.fields) {
                String text = parts.texts().get(field.name());
                if (text != null) {
                    fields.put(field.name(), parsed(field, text));
                }
            }
            media = Optional.of(parts.file().orElseThrow(() -> new Malformed(
                    "the request has no part '" + pipeline.media + "' with the " + pipeline.media + "'s bytes")));
        }
        AiRequest request = new AiRequest(pipeline, fields, media);
        if (request.model().length() > MAX_MODEL) {
            throw new Malformed("the name of a model has at most " + MAX_MODEL + " characters");
        }
        return request;
    }

    private static JsonObject object(Bytes body, Budget.Charge charge) throws Malformed {
        if (body.utf8().isBlank()) {
            throw new Malformed("EOF");
        }
        return WireJson.object(body, charge);
    }

    private static JsonValue checked(Field field, JsonValue value) throws Malformed {
        boolean fits = switch (field.kind()) {
            case TEXT -> value.getValueType() == ValueType.STRING;
            case WHOLE -> value instanceof JsonNumber number && isWhole(number);
            case NUMBER -> value instanceof JsonNumber number && isFloat(number.doubleValue());
            case TRUTH -> value == JsonValue.TRUE || value == JsonValue.FALSE;
            case MESSAGES -> value.getValueType() == ValueType.ARRAY;
        };
        if (!fits) {
            throw new Malformed("'" + field.name() + "' is no " + switch (field.kind()) {
                case TEXT -> "text";
                case WHOLE -> "whole number";
                case NUMBER -> "number of 32 bits";
                case TRUTH -> "true or false";
                case MESSAGES -> "list";
            });
        }
        return switch (field.kind()) {
            // 512.0 and 1e2 are whole, and Go's decoder does not take them
            case WHOLE -> WireJson.PROVIDER.createValue(((JsonNumber) value).longValueExact());
            case MESSAGES -> messages(value);
            default -> value;
        };
    }

    /** Whether Go's float32 takes it, which fields of the network with a fraction are. */
    private static boolean isFloat(double value) {
        return Float.isFinite((float) value);
    }

    private static boolean isWhole(JsonNumber number) {
        try {
            number.longValueExact();
            return true;
        } catch (ArithmeticException e) {
            return false;
        }
    }

    /** Each with its content and its role, and nothing else. */
    private static JsonValue messages(JsonValue value) throws Malformed {
        var messages = WireJson.PROVIDER.createArrayBuilder();
        for (JsonValue each : value.asJsonArray()) {
            if (!(each instanceof JsonObject message)) {
                throw new Malformed("a message is an object with role and content");
            }
            messages.add(WireJson.PROVIDER
                    .createObjectBuilder()
                    .add("content", WireJson.text(message, "content"))
                    .add("role", WireJson.text(message, "role")));
        }
        return messages.build();
    }

    private static JsonValue parsed(Field field, String text) throws Malformed {
        try {
            return switch (field.kind()) {
                case TEXT -> WireJson.PROVIDER.createValue(text);
                case WHOLE -> WireJson.PROVIDER.createValue(Long.parseLong(text));
                case NUMBER -> number(text);
                case TRUTH -> truth(text);
                case MESSAGES -> throw new IllegalStateException("no form has messages");
            };
        } catch (NumberFormatException e) {
            String function = switch (field.kind()) {
                case WHOLE -> "ParseInt";
                case NUMBER -> "ParseFloat";
                default -> "ParseBool";
            };
            String shown = text.substring(0, Math.min(text.length(), MAX_NUMBER)).replaceAll("[^ -~]|\"", "?");
            throw new Malformed("error binding string parameter: strconv." + function + ": parsing \"" + shown
                    + "\": invalid syntax");
        }
    }

    private static JsonValue number(String text) throws Malformed {
        double value = text.length() > MAX_NUMBER ? Double.NaN : Double.parseDouble(text);
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            throw new NumberFormatException();
        }
        if (!isFloat(value)) {
            throw new Malformed(
                    "error binding string parameter: value '" + text + "' overflows destination of type: float32");
        }
        return WireJson.PROVIDER.createValue(value);
    }

    private static JsonValue truth(String text) {
        return switch (text) {
            case "1", "t", "T", "true", "TRUE", "True" -> JsonValue.TRUE;
            case "0", "f", "F", "false", "FALSE", "False" -> JsonValue.FALSE;
            default -> throw new NumberFormatException();
        };
    }

    /** The model; empty when the request names none. */
    String model() {
        return text(pipeline.modelField());
    }

    private String text(String field) {
        return fields.get(field) instanceof JsonString string ? string.getString() : "";
    }

    private Optional<Long> whole(String field) {
        return fields.get(field) instanceof JsonNumber number ? Optional.of(number.longValueExact()) : Optional.empty();
    }

    /** Whether the answer comes as events. */
    boolean isStreaming() {
        return pipeline == AiPipeline.LLM && fields.get("stream") == JsonValue.TRUE;
    }

    /**
     * What a gateway asks of its client (go-livepeer: server/ai_mediaserver.go), and what it adds to the request before
     * it hands it in (server/ai_process.go). The model is named too: go-livepeer's orchestrator needs it.
     */
    AiRequest completed() throws Malformed {
        if (pipeline == AiPipeline.LLM
                && (!fields.keySet().containsAll(List.of("model", "messages", "stream", "max_tokens"))
                        || fields.get("messages").asJsonArray().isEmpty())) {
            throw new Malformed("missing required fields");
        }
        if (pipeline == AiPipeline.TEXT_TO_SPEECH && text("text").isEmpty()) {
            throw new Malformed("text field is required");
        }
        Map<String, JsonValue> more = new TreeMap<>(fields);
        if (model().isEmpty()) {
            more.put(pipeline.modelField(), WireJson.PROVIDER.createValue(pipeline.model));
        }
        if (pipeline == AiPipeline.TEXT_TO_IMAGE) {
            more.putIfAbsent("prompt", WireJson.PROVIDER.createValue(""));
            more.putIfAbsent("height", WireJson.PROVIDER.createValue(512));
            more.putIfAbsent("width", WireJson.PROVIDER.createValue(512));
        }
        if (pipeline == AiPipeline.TEXT_TO_IMAGE || pipeline == AiPipeline.IMAGE_TO_IMAGE) {
            more.put(
                    "num_images_per_prompt",
                    WireJson.PROVIDER.createValue(Math.max(1, whole("num_images_per_prompt").orElse(1L))));
        }
        if (pipeline == AiPipeline.AUDIO_TO_TEXT) {
            String seconds = Long.toString(Measures.seconds(media.orElseThrow().data()));
            JsonObject metadata = WireJson.PROVIDER.createObjectBuilder().add("duration", seconds).build();
            more.put("metadata", WireJson.PROVIDER.createValue(metadata.toString()));
        }
        return new AiRequest(pipeline, more, media);
    }

    /**
     * What the request costs, in the unit of its pipeline, as orchestrators of the network reckon it
     * (go-livepeer: server/ai_http.go, handleAIRequest).
     *
     * @throws Malformed when that cannot be told, which is an error of the request
     */
    long units() throws Malformed {
        try {
            return switch (pipeline) {
                case TEXT_TO_IMAGE -> size("height", 512) * size("width", 512) * images();
                case IMAGE_TO_IMAGE -> Math.multiplyExact(image(), images());
                case IMAGE_TO_VIDEO -> size("height", 576) * size("width", 1024) * FRAMES;
                case UPSCALE, SEGMENT_ANYTHING_2, IMAGE_TO_TEXT -> image();
                case AUDIO_TO_TEXT -> Math.multiplyExact(Measures.seconds(media.orElseThrow().data()), 1000L);
                case LLM -> {
                    if (whole("max_tokens").isEmpty()) {
                        throw new Malformed("MaxTokens not specified");
                    }
                    yield size("max_tokens", 1);
                }
                case TEXT_TO_SPEECH -> 1000L * text("text").codePointCount(0, text("text").length());
            };
        } catch (ArithmeticException e) {
            throw new Malformed("the image is too large");
        }
    }

    private long image() throws Malformed {
        return Measures.pixels(media.orElseThrow().data());
    }

    /** Images for each prompt; the parts of a prompt, of which a runner makes images too, count among all of them. */
    private long images() throws Malformed {
        long each = size("num_images_per_prompt", 1);
        long prompts = 1 + text("prompt").chars().filter(one -> one == '|').count();
        if (each * prompts > MAX_IMAGES) {
            throw new Malformed("the request asks for " + each * prompts + " images ('num_images_per_prompt' for each"
                    + " part of the prompt between '|'): ask for at most " + MAX_IMAGES);
        }
        return each;
    }

    /** A size within what can be paid for: less than nothing would be money for the sender. */
    private long size(String field, long otherwise) throws Malformed {
        long value = whole(field).orElse(otherwise);
        if (value < 1 || value > 1_000_000) {
            throw new Malformed("'" + field + "' is " + value + ": give 1 to 1000000");
        }
        return value;
    }

    /** What an orchestrator must offer to be asked, as gateways of the network list it. */
    JobSpec spec() {
        List<Integer> ids = new ArrayList<>(Capability.WITH_AI);
        ids.add(pipeline.capability);
        return JobSpec.needing(Capabilities.of(ids)
                        .withCapacity(1)
                        .withModels(Map.of(pipeline.capability, Map.of(model(), new Model(false, 0, "", 0)))))
                .forModel(pipeline.capability, model());
    }

    /** The job, with the body that orchestrators and runners read. */
    Job job(JobSpec spec) throws Malformed {
        String boundary = Multipart.boundary();
        Payload payload = Payload.Request.of(pipeline.capability, model())
                .contentType(pipeline.isJson() ? "application/json" : "multipart/form-data; boundary=" + boundary)
                .streaming(isStreaming())
                .units(units())
                .build();
        return new Job(spec, payload, Body.of(pipeline.isJson() ? json() : form(boundary)));
    }

    private Bytes json() {
        JsonObjectBuilder object = WireJson.PROVIDER.createObjectBuilder();
        fields.forEach(object::add);
        return Bytes.utf8(object.build().toString());
    }

    private Bytes form(String boundary) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Multipart.write(out, boundary, pipeline.media, media.orElseThrow());
        for (Field field : pipeline.fields) {
            JsonValue value = fields.get(field.name());
            if (value != null) {
                Multipart.write(out, boundary, field.name(), written(value, field));
            }
        }
        out.writeBytes(("--" + boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII));
        return Bytes.wrap(out.toByteArray());
    }

    private static String written(JsonValue value, Field field) {
        return switch (value) {
            case JsonString string -> string.getString();
            case JsonNumber number when field.kind() == AiPipeline.Kind.NUMBER ->
                String.format(Locale.ROOT, "%.6f", number.doubleValue());
            default -> value.toString();
        };
    }
}
