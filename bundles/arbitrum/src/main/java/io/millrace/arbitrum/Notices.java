package io.millrace.arbitrum;

import io.millrace.api.payment.Settlement.Notice;
import io.millrace.api.value.Address;
import io.millrace.api.value.Registration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells who watches, on a thread of its own, so that a slow one does not keep the chain from being followed. What has
 * not been told yet comes as one: of blocks and rounds the newest, each account once.
 */
final class Notices implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Notices.class);

    private final List<Consumer<Notice>> watchers = new CopyOnWriteArrayList<>();
    private final Object lock = new Object();
    private final Thread thread;
    private Notice.NewBlock block;
    private Notice.NewRound round;
    private Set<Address> funds = new LinkedHashSet<>();

    Notices() {
        thread = Thread.ofVirtual().name("arbitrum-notices").start(this::run);
    }

    Registration watch(Consumer<Notice> watcher) {
        // an object of its own, so that closing a registration takes away no other one of the same watcher
        Consumer<Notice> entry = watcher::accept;
        watchers.add(entry);
        return () -> watchers.remove(entry);
    }

    void tell(Notice notice) {
        synchronized (lock) {
            switch (notice) {
                case Notice.NewBlock newBlock -> block = newBlock;
                case Notice.NewRound newRound -> round = newRound;
                case Notice.FundsChanged changed -> funds.add(changed.sender());
            }
            lock.notifyAll();
        }
    }

    private void run() {
        try {
            while (true) {
                for (Notice notice : next()) {
                    watchers.forEach(watcher -> tell(watcher, notice));
                }
            }
        } catch (InterruptedException e) {
            // closed
        }
    }

    private List<Notice> next() throws InterruptedException {
        List<Notice> next = new ArrayList<>();
        synchronized (lock) {
            while (block == null && round == null && funds.isEmpty()) {
                lock.wait();
            }
            funds.forEach(sender -> next.add(new Notice.FundsChanged(sender)));
            if (round != null) {
                next.add(round);
            }
            if (block != null) {
                next.add(block);
            }
            funds = new LinkedHashSet<>();
            round = null;
            block = null;
        }
        return next;
    }

    private static void tell(Consumer<Notice> watcher, Notice notice) {
        try {
            watcher.accept(notice);
        } catch (RuntimeException e) {
            LOG.warn("Who watches the chain failed at {}", notice, e);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
