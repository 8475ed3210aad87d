package io.millrace.media.rtmp;

/** Decides who may publish by RTMP. */
@FunctionalInterface
interface PublishAuthorizer {

    /** What became of asking. */
    sealed interface Admission {

        /** The stream may be sent. */
        record Admitted(RtmpPublication publication) implements Admission {}

        /**
         * It may not.
         *
         * @param code RTMP's own word for it
         * @param text for the person at the encoder
         */
        record Refused(String code, String text) implements Admission {}
    }

    /** Asks for {@code name} on behalf of {@code peer}. */
    Admission admit(StreamName name, String peer);
}
