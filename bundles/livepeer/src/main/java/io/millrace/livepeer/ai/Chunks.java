package io.millrace.livepeer.ai;

import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.MessageSource;
import io.millrace.livepeer.mapping.Malformed;
import io.millrace.livepeer.mapping.WireJson;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.util.Optional;

/**
 * The events of a language model as nodes of the network can read them: each is {@code data:} and an object that has at
 * least one choice, and nothing follows the first one that gives a reason for its end. go-livepeer looks at the first
 * choice of each event without asking whether there is one.
 */
final class Chunks implements MessageSource<Bytes> {

    private static final String DATA = "data:";

    private final MessageSource<Bytes> from;
    private boolean over;

    Chunks(MessageSource<Bytes> from) {
        this.from = from;
    }

    @Override
    public Optional<Bytes> next(Deadline deadline) {
        while (!over) {
            Optional<Bytes> event = from.next(deadline);
            if (event.isEmpty()) {
                break;
            }
            Optional<JsonObject> choice = choice(event.get().utf8());
            if (choice.isPresent()) {
                over = choice.get().get("finish_reason") instanceof JsonString reason
                        && !reason.getString().isEmpty();
                return event;
            }
        }
        return Optional.empty();
    }

    private static Optional<JsonObject> choice(String event) {
        if (!event.startsWith(DATA)) {
            return Optional.empty();
        }
        try {
            JsonObject chunk = WireJson.object(event.substring(DATA.length()));
            return chunk.get("choices") instanceof JsonArray choices
                            && !choices.isEmpty()
                            && choices.getFirst() instanceof JsonObject first
                    ? Optional.of(first)
                    : Optional.empty();
        } catch (Malformed e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        from.close();
    }
}
