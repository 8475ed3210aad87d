package io.millrace.ops.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Proxy;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.osgi.service.log.LogEntry;
import org.osgi.service.log.LogLevel;

class ComplaintsTest {

    /** As Felix SCR 2.2.18 writes it. */
    private static final String THROWN =
            "bundle org.example.mill:1.0.0 (13)[org.example.mill.Mill(32)] : The change method has thrown an exception";

    private final Complaints complaints = new Complaints();

    private static LogEntry entry(LogLevel level, String message, Throwable thrown) {
        return (LogEntry) Proxy.newProxyInstance(
                LogEntry.class.getClassLoader(), new Class<?>[] {LogEntry.class}, (proxy, method, arguments) ->
                        switch (method.getName()) {
                            case "getLogLevel" -> level;
                            case "getMessage" -> message;
                            case "getException" -> thrown;
                            default -> throw new UnsupportedOperationException(method.getName());
                        });
    }

    @Test
    void whatAModifiedMethodThrewIsHeard() {
        long then = complaints.now();
        complaints.logged(entry(LogLevel.ERROR, THROWN, new IllegalArgumentException("no such grain")));
        assertEquals(Optional.of("no such grain"), complaints.since(then, "org.example.mill.Mill"));
        assertEquals(Optional.empty(), complaints.since(then, "org.example.mill.Miller"));
        assertEquals(Optional.empty(), complaints.since(complaints.now(), "org.example.mill.Mill"));
    }

    @Test
    void otherLinesOfTheLogAreNoComplaints() {
        long then = complaints.now();
        complaints.logged(entry(LogLevel.ERROR, THROWN, null));
        complaints.logged(entry(LogLevel.WARN, THROWN, new IllegalArgumentException("x")));
        complaints.logged(entry(LogLevel.ERROR, "[org.example.mill.Mill(32)] lost a segment", new Exception("x")));
        assertEquals(Optional.empty(), complaints.since(then, "org.example.mill.Mill"));
    }
}
