package io.millrace.ffmpeg;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOInterruptCB;
import org.bytedeco.javacpp.Pointer;

/**
 * What FFmpeg asks, between the packets that it reads to learn about a file, whether it should stop. One for all
 * segments, since JavaCPP has room for ten such callbacks in a process. Thread-safe; closed when no native call is
 * left, since the callback would otherwise keep this bundle's class loader.
 */
final class Interruption extends AVIOInterruptCB.Callback_Pointer {

    private final Map<Long, BooleanSupplier> watched = new ConcurrentHashMap<>();
    private final AtomicLong lastKey = new AtomicLong();

    /** A number in place of a pointer: FFmpeg hands it back and does not dereference it. */
    private static final class Key extends Pointer {

        Key(long number) {
            super((Pointer) null);
            address = number;
        }
    }

    /** Work on this file stops once {@code ended} says so. The key is for {@link #forget}. */
    long watch(AVFormatContext format, BooleanSupplier ended) {
        long key = lastKey.incrementAndGet();
        watched.put(key, ended);
        format.interrupt_callback().callback(this).opaque(new Key(key));
        return key;
    }

    /** The file was closed. */
    void forget(long key) {
        watched.remove(key);
    }

    @Override
    public int call(Pointer key) {
        BooleanSupplier ended = watched.get(key.address());
        return ended != null && ended.getAsBoolean() ? 1 : 0;
    }
}
