package io.millrace.media.hls;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A part of the state that an earlier instance of this bundle left in the handover, read by name.
 *
 * @param values of the JDK and the API only; the earlier instance's classes are gone
 */
record HandoverState(Map<?, ?> values) {

    /**
     * The value of this name.
     *
     * @throws UnreadableStateException when there is no value of this name, or one of another type
     */
    <T> T get(String name, Class<T> type) {
        return find(name, type).orElseThrow(() -> new UnreadableStateException("no " + name));
    }

    /** The value of this name; empty when there is none. */
    <T> Optional<T> find(String name, Class<T> type) {
        Object value = values.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!type.isInstance(value)) {
            throw new UnreadableStateException(name + " is a " + value.getClass().getName());
        }
        return Optional.of(type.cast(value));
    }

    /** The parts that are listed under this name. */
    List<HandoverState> list(String name) {
        return ((Collection<?>) get(name, Collection.class)).stream().map(HandoverState::of).toList();
    }

    private static HandoverState of(Object value) {
        if (value instanceof Map<?, ?> map) {
            return new HandoverState(map);
        }
        throw new UnreadableStateException("an entry is a " + value.getClass().getName());
    }

    /** The state was left by a version that writes it in another form. */
    static final class UnreadableStateException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        UnreadableStateException(String message) {
            super(message);
        }
    }
}
