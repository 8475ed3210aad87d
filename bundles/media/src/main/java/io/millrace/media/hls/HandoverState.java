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
     * What it says there.
     *
     * @throws UnreadableStateException when it says nothing there, or something else
     */
    <T> T get(String name, Class<T> type) {
        return find(name, type).orElseThrow(() -> new UnreadableStateException("no " + name));
    }

    /** What it says there, if anything. */
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

    /** The parts it lists there. */
    List<HandoverState> list(String name) {
        return ((Collection<?>) get(name, Collection.class)).stream().map(HandoverState::of).toList();
    }

    private static HandoverState of(Object value) {
        if (value instanceof Map<?, ?> map) {
            return new HandoverState(map);
        }
        throw new UnreadableStateException("an entry is a " + value.getClass().getName());
    }

    /** It was left by a version that says things otherwise. */
    static final class UnreadableStateException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        UnreadableStateException(String message) {
            super(message);
        }
    }
}
