package io.millrace.api.gateway;

import org.osgi.annotation.versioning.ProviderType;

/** A stream that was let in. Thread-safe: segments may be submitted in parallel. */
@ProviderType
public interface Stream extends AutoCloseable {

    /** What was asked for. */
    StreamSpec spec();

    /** The number that follows the highest one submitted, so that a returning publisher goes on. */
    long nextSequence();

    /** Hands a segment in and returns at once. A full queue settles the oldest waiting one as dropped. */
    Pending submit(Segment segment, MediaInfo info);

    /** The publisher left. Work in hand is finished; the stream ends when nobody returns in time. */
    @Override
    void close();

    /** Ends the stream now: work in hand is finished, then its playlists are closed. */
    void end();

    /**
     * Asks to be told when the gateway is about to end the stream, because its operator wants that or the
     * node stops: {@code publisher} then hands in what it has collected and closes. It is run once at most,
     * on a thread of the gateway, at once when that time has come already, and must return soon; the
     * gateway waits a moment for {@link #close()}, then takes no more segments. A second one replaces the
     * first.
     */
    default void whenEnding(Runnable publisher) {}
}
