package io.millrace.livepeer.web;

import io.millrace.api.network.AddressGuard;
import io.millrace.api.value.Deadline;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the node's guard for the socket address of a destination, for no longer than the caller waits. Thread-safe. */
public final class CheckedAddresses {

    private static final Logger LOG = LoggerFactory.getLogger(CheckedAddresses.class);

    private final AddressGuard guard;
    private final InstantSource clock;

    /** Asks {@code guard}. */
    public CheckedAddresses(AddressGuard guard, InstantSource clock) {
        this.guard = guard;
        this.clock = clock;
    }

    /**
     * The one socket address that may be connected to for {@code destination}.
     *
     * @throws RefusedAddressException when the guard refuses it
     * @throws DeadlineExceededException when its name was not resolved in time
     */
    public InetSocketAddress check(Destination destination, Deadline deadline) throws IOException {
        // The JDK resolves names without a timeout, and an interrupt does not end it.
        FutureTask<AddressGuard.Verdict> check =
                new FutureTask<>(() -> guard.check(destination.address(), destination.configured()));
        Thread.ofVirtual().name("livepeer-resolve").start(check);
        try {
            return switch (check.get(deadline.remaining(clock).toMillis(), TimeUnit.MILLISECONDS)) {
                case AddressGuard.Verdict.Allowed allowed -> allowed.socket();
                case AddressGuard.Verdict.Refused refused -> {
                    LOG.debug("The address {} was refused: {}", destination, refused.reason());
                    throw new RefusedAddressException(destination + " is not called: " + refused.reason());
                }
            };
        } catch (TimeoutException e) {
            throw new DeadlineExceededException();
        } catch (ExecutionException e) {
            throw new IOException("the address " + destination + " could not be checked", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
