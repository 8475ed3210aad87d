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
}
