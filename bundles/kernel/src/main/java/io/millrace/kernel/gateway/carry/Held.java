package io.millrace.kernel.gateway.carry;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What an attempt holds: leases, money, the accepted job. Given back in reverse order when it is
 * closed, by the attempt or by whoever took all of it over.
 */
final class Held implements AutoCloseable {

    private final Deque<Runnable> releases = new ArrayDeque<>();

    /** Another thing to give back. */
    synchronized void add(Runnable release) {
        releases.push(release);
    }

    /** Hands everything over to the caller; closing this gives nothing back any more. */
    synchronized Held takeOver() {
        Held heir = new Held();
        heir.releases.addAll(releases);
        releases.clear();
        return heir;
    }

    /** Gives everything back; harmless twice. */
    @Override
    public void close() {
        while (true) {
            Runnable release;
            synchronized (this) {
                release = releases.poll();
            }
            if (release == null) {
                return;
            }
            try {
                release.run();
            } catch (RuntimeException e) {
                // the rest is given back all the same; the first failure is what the caller sees
                close();
                throw e;
            }
        }
    }
}
