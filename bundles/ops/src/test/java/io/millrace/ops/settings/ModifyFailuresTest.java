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

    private final ModifyFailures modifyFailures = new ModifyFailures();

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
        long then = modifyFailures.now();
        modifyFailures.logged(entry(LogLevel.ERROR, thrownBy(new Mill()::change)));
        assertEquals(Optional.of("no such grain"), modifyFailures.since(then, Mill.class.getName(), "change"));
        assertEquals(Optional.empty(), modifyFailures.since(then, Mill.class.getName() + "er", "change"));
        assertEquals(Optional.empty(), modifyFailures.since(modifyFailures.now(), Mill.class.getName(), "change"));
    }

    @Test
    void otherEntriesOfTheLogAreNoComplaints() {
        long then = modifyFailures.now();
        modifyFailures.logged(entry(LogLevel.ERROR, null));
        modifyFailures.logged(entry(LogLevel.WARN, thrownBy(new Mill()::change)));
        modifyFailures.logged(entry(LogLevel.ERROR, thrownBy(new Mill()::work)));
        assertEquals(Optional.empty(), modifyFailures.since(then, Mill.class.getName(), "change"));
    }
}
