package io.millrace.api.resource;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Memory of this node that the work of others may take, in bytes. There is one budget for each kind of memory,
 * told apart by the service property {@link #RESOURCE}: {@link #HEAP} and {@link #NATIVE}.
 *
 * <p>The rule is: whoever keeps bytes beyond a call charges them before keeping them, piece by piece while they
 * are read, and gives the charge back when it lets go of them. Whoever passes bytes on gives its own charge back
 * after the receiver has taken them, so that for a moment both count. A budget that is full is no failure: the
 * work is refused with the protocol's answer for "busy", or the oldest of what the same place keeps makes way.
 *
 * <p>Thread-safe; no call blocks.
 */
@ProviderType
public interface Budget {

    /** The service property that says which memory a budget is for. */
    String RESOURCE = "resource";

    /** Value of {@link #RESOURCE}: the heap of the JVM. */
    String HEAP = "heap";

    /** Value of {@link #RESOURCE}: memory outside of the heap, such as a codec's frames. */
    String NATIVE = "native";

    /** Bytes that each added piece counts on top of its size, for the objects around it. */
    int PIECE_OVERHEAD = 96;

    /** Bytes that may be charged at once by everybody together; may change while the node runs. */
    long limit();

    /** Bytes that are charged now. */
    long used();

    /**
     * Opens a charge with nothing on it.
     *
     * @param purpose what the memory is for, for the operator, such as {@code upload}
     */
    Charge open(String purpose);

    /** What one holder has taken of a budget. */
    @ProviderType
    interface Charge extends AutoCloseable {

        /**
         * Takes {@code bytes} and {@link Budget#PIECE_OVERHEAD} more.
         *
         * @return false when the budget has no room for them; nothing was taken then
         * @throws IllegalArgumentException when {@code bytes} is negative
         * @throws IllegalStateException when the charge was closed
         */
        boolean add(long bytes);

        /** Gives back a piece that was added with the same size. */
        void remove(long bytes);

        /** Bytes taken now, overhead included. */
        long held();

        /** Gives back all that is still held; harmless twice. */
        @Override
        void close();
    }
}
