package io.millrace.livepeer.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.testkit.ManualClock;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.helpers.MessageFormatter;

class FailureLogTest {

    private final List<String> lines = new ArrayList<>();
    private final ManualClock clock = new ManualClock();
    private final FailureLog log = new FailureLog(logger(), clock);

    @Test
    void aStrangersFailureIsLoggedOnceAndThenCounted() {
        for (int i = 0; i < 13_000; i++) {
            log.failed("It broke.", "call " + i, new IllegalStateException("x"));
        }
        assertEquals(1, lines.size());
        assertTrue(lines.getFirst().contains("call 0"), lines.getFirst());
        clock.advance(Duration.ofMinutes(1));
        log.failed("It broke.", "call 13000", new IllegalStateException("x"));
        log.failed("It broke.", "call 13001", new IllegalStateException("x"));
        assertEquals(2, lines.size());
        assertTrue(lines.getLast().contains("13000 more times"), lines.getLast());
    }

    @Test
    void anotherKindIsLoggedAtOnce() {
        log.failed("It broke.", "call 1", new IllegalStateException("x"));
        log.failed("It broke.", "call 2", new IllegalArgumentException("x"));
        log.failed("Something else broke.", "call 3", new IllegalStateException("x"));
        assertEquals(3, lines.size());
    }

    private Logger logger() {
        return (Logger) Proxy.newProxyInstance(
                Logger.class.getClassLoader(), new Class<?>[] {Logger.class}, (proxy, method, arguments) -> {
                    Object[] values = arguments.length == 2
                            ? (Object[]) arguments[1]
                            : Arrays.copyOfRange(arguments, 1, arguments.length);
                    lines.add(MessageFormatter.arrayFormat((String) arguments[0], values).getMessage());
                    return null;
                });
    }
}
