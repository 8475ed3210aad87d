package io.millrace.ops.settings;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.service.log.LogEntry;
import org.osgi.service.log.LogLevel;
import org.osgi.service.log.LogListener;

/**
 * Remembers exceptions that modified methods of components threw. The component runtime does not report them:
 * Declarative Services 112.5.13.1 has it log the exception and go on, and no DTO shows it. So this looks at the
 * exceptions in the log and at their stack traces; the words of the log do not matter.
 */
final class ModifyFailures implements LogListener {

    private static final int MOST = 50;

    /** Names only: an exception would keep the classes of its bundle, which may be replaced. */
    private record ModifyFailure(long sequence, Set<String> methods, String reason) {}

    private final Deque<ModifyFailure> last = new ArrayDeque<>();
    private long sequence;

    @Override
    public void logged(LogEntry entry) {
        if (entry.getLogLevel() == LogLevel.ERROR && entry.getException() != null) {
            add(methods(entry.getException()), FailureMessage.message(entry.getException()));
        }
    }

    private static Set<String> methods(Throwable thrown) {
        return Stream.iterate(thrown, cause -> cause != null, Throwable::getCause)
                .limit(FailureMessage.MOST_CAUSES)
                .flatMap(cause -> Arrays.stream(cause.getStackTrace()))
                .map(frame -> frame.getClassName() + "." + frame.getMethodName())
                .collect(Collectors.toSet());
    }

    private synchronized void add(Set<String> methods, String reason) {
        last.addLast(new ModifyFailure(++sequence, methods, reason));
        if (last.size() > MOST) {
            last.removeFirst();
        }
        notifyAll();
    }

    synchronized void await(Duration limit) throws InterruptedException {
        wait(limit.toMillis());
    }

    synchronized long now() {
        return sequence;
    }

    synchronized Optional<String> since(long then, String type, String method) {
        return last.stream()
                .filter(failure -> failure.sequence > then && failure.methods.contains(type + "." + method))
                .map(ModifyFailure::reason)
                .findFirst();
    }
}
