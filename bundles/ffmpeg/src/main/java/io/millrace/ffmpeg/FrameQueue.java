package io.millrace.ffmpeg;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What one thread hands to the next. Bounded by the number of pictures, which are large; sound is
 * small and never waits. Poisoning it ends both sides at once and frees what is in it.
 */
final class FrameQueue {

    /** A thing with native memory behind it. */
    sealed interface Item permits Picture, AudioPacket {
        void free();
    }

    /** The other side has failed and recorded the reason. */
    static final class Poisoned extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Poisoned() {
            super("another thread of this segment gave up", null, false, false);
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Item> items = new ArrayDeque<>();
    private final int capacity;
    private int pictures;
    private boolean ended;
    private boolean poisoned;

    FrameQueue(int capacity) {
        this.capacity = capacity;
    }

    /** Takes the item over, even when it throws; waits while there are too many pictures. */
    void put(Item item) {
        lock.lock();
        try {
            while (item instanceof Picture && pictures >= capacity && !poisoned) {
                changed.awaitUninterruptibly();
            }
            if (poisoned) {
                item.free();
                throw new Poisoned();
            }
            pictures += item instanceof Picture ? 1 : 0;
            items.add(item);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Nothing more will come. */
    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The next item, which the caller then owns; null at the end. */
    Item take() {
        lock.lock();
        try {
            while (items.isEmpty() && !ended && !poisoned) {
                changed.awaitUninterruptibly();
            }
            if (poisoned) {
                throw new Poisoned();
            }
            Item item = items.poll();
            if (item instanceof Picture) {
                pictures--;
                changed.signalAll();
            }
            return item;
        } finally {
            lock.unlock();
        }
    }

    void poison() {
        lock.lock();
        try {
            poisoned = true;
            items.forEach(Item::free);
            items.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
