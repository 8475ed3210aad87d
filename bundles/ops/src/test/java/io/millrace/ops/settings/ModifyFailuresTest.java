package io.millrace.ops.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.reflect.Proxy;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.osgi.service.log.LogEntry;
import org.osgi.service.log.LogLevel;

class ModifyFailuresTest {

    private final ModifyFailures complaints = new ModifyFailures();

    private static LogEntry entry(LogLevel level, Throwable thrown) {
        return (LogEntry) Proxy.newProxyInstance(
                LogEntry.class.getClassLoader(), new Class<?>[] {LogEntry.class}, (proxy, method, arguments) ->
                        switch (method.getName()) {
                            case "getLogLevel" -> level;
                            case "getException" -> thrown;
                            default -> throw new UnsupportedOperationException(method.getName());
                        });
    }

    /** A component. */
    private static final class Mill {

        void change() {
            throw new IllegalArgumentException("no such grain");
        }

        void work() {
            throw new IllegalStateException("jammed");
        }
    }

    private static Throwable thrownBy(Executable method) {
        return new IllegalStateException("of whoever called it", assertThrows(RuntimeException.class, method));
    }

    @Test
    void whatAModifiedMethodThrewIsHeardByWhereItComesFrom() {
        long then = complaints.now();
        complaints.logged(entry(LogLevel.ERROR, thrownBy(new Mill()::change)));
        assertEquals(Optional.of("no such grain"), complaints.since(then, Mill.class.getName(), "change"));
        assertEquals(Optional.empty(), complaints.since(then, Mill.class.getName() + "er", "change"));
        assertEquals(Optional.empty(), complaints.since(complaints.now(), Mill.class.getName(), "change"));
    }

    @Test
    void otherEntriesOfTheLogAreNoComplaints() {
        long then = complaints.now();
        complaints.logged(entry(LogLevel.ERROR, null));
        complaints.logged(entry(LogLevel.WARN, thrownBy(new Mill()::change)));
        complaints.logged(entry(LogLevel.ERROR, thrownBy(new Mill()::work)));
        assertEquals(Optional.empty(), complaints.since(then, Mill.class.getName(), "change"));
    }
}
