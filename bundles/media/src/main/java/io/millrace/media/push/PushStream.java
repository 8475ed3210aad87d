package io.millrace.media.push;

import io.millrace.api.gateway.Stream;
import io.millrace.api.value.ManifestId;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;

/** A pushed stream: open from its first segment until nobody has pushed for a while. */
final class PushStream {

    private final ManifestId manifest;
    private final ReentrantLock lock = new ReentrantLock();
    private Stream stream;
    private Instant lastUsed = Instant.MIN;
    private int inFlight;
    private boolean doubtful;
    private boolean retired;

    PushStream(ManifestId manifest) {
        this.manifest = manifest;
    }

    /** The name inside; may differ from that of the address. */
    ManifestId manifest() {
        return manifest;
    }

    ReentrantLock lock() {
        return lock;
    }

    Stream stream() {
        return stream;
    }

    boolean isRetired() {
        return retired;
    }

    /** Whether it has to be opened: it never was, or may have been ended by somebody else. */
    boolean needsOpening() {
        return stream == null || doubtful;
    }

    void opened(Stream opened) {
        stream = opened;
        doubtful = false;
    }

    void confirmed() {
        doubtful = false;
    }

    /** A segment was dropped, as it is when an operator has ended the stream. */
    void doubt() {
        lock.lock();
        try {
            doubtful = true;
        } finally {
            lock.unlock();
        }
    }

    void enter(Instant now) {
        inFlight++;
        lastUsed = now;
    }

    void leave(Instant now) {
        lock.lock();
        try {
            inFlight--;
            lastUsed = now;
        } finally {
            lock.unlock();
        }
    }

    /** Closes it when nothing has happened since {@code idle} before {@code now}; says whether it did. */
    boolean retireIfIdle(Instant now, Duration idle) {
        lock.lock();
        try {
            if (inFlight > 0 || lastUsed.plus(idle).isAfter(now)) {
                return false;
            }
            return retire();
        } finally {
            lock.unlock();
        }
    }

    /** Closes it, unless somebody is just about to open it. */
    boolean retireUnlessBusy() {
        if (!lock.tryLock()) {
            return false;
        }
        try {
            return retire();
        } finally {
            lock.unlock();
        }
    }

    /** Closes it; the caller holds the lock. */
    boolean retire() {
        if (retired) {
            return false;
        }
        retired = true;
        if (stream != null) {
            stream.close();
        }
        return true;
    }
}
