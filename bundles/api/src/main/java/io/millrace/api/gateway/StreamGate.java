package io.millrace.api.gateway;

import org.osgi.annotation.versioning.ProviderType;

/** The door for media streams. */
@ProviderType
public interface StreamGate {

    /** What became of asking. */
    sealed interface Opening {

        /** The stream is in. */
        record Opened(Stream stream) implements Opening {}

        /** It is not. */
        record Denied(Reason reason, String message) implements Opening {}
    }

    /** Why a stream is not let in. */
    enum Reason {
        /** A stream of that name is running. */
        DUPLICATE,
        /** As many streams as allowed are running. */
        CAPPED,
        /** The node finishes what it has and takes nothing new. */
        DRAINING
    }

    /**
     * Opens a stream, or goes on with one whose publisher left less than the grace time ago: its
     * numbering and its playlists continue.
     */
    Opening open(StreamSpec spec);
}
