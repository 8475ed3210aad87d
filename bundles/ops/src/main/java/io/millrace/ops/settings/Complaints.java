package io.millrace.ops.settings;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.osgi.service.log.LogEntry;
import org.osgi.service.log.LogLevel;
import org.osgi.service.log.LogListener;

/**
 * What components threw when they were told of a change. The component runtime tells only the log (Declarative
 * Services 112.5.13.1: it logs the exception and goes on), so the log is listened to.
 */
final class Complaints implements LogListener {

    private static final int MOST = 50;

    /** Felix SCR's words for an exception of a modified method. */
    private static final String THROWN = "method has thrown an exception";

    /** Words only: an exception would keep the classes of its bundle, which may be replaced. */
    private record Complaint(long sequence, String message, String reason) {}

    private final Deque<Complaint> last = new ArrayDeque<>();
    private long sequence;

    @Override
    public void logged(LogEntry entry) {
        if (entry.getLogLevel() == LogLevel.ERROR
                && entry.getException() != null
                && entry.getMessage().contains(THROWN)) {
            add(entry.getMessage(), Failure.message(entry.getException()));
        }
    }

    private synchronized void add(String message, String reason) {
        last.addLast(new Complaint(++sequence, message, reason));
        if (last.size() > MOST) {
            last.removeFirst();
        }
    }

    /** A point in time. */
    synchronized long now() {
        return sequence;
    }

    /** What a component of this class has thrown since then. */
    synchronized Optional<String> since(long then, String type) {
        return last.stream()
                .filter(complaint -> complaint.sequence > then && complaint.message.contains("[" + type + "("))
                .map(Complaint::reason)
                .findFirst();
    }
}
