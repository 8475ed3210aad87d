package io.millrace.livepeer.mapping;

import io.millrace.api.job.JobSpec;
import io.millrace.api.job.Payload;
import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.value.Bytes;
import java.util.Optional;

/**
 * What a gateway says of a segment it submits.
 *
 * @param payload what to make of it
 * @param spec what that needs
 * @param token of the offer, where one came
 * @param hash of the segment, 32 bytes
 * @param digest what the gateway signed
 * @param signature of the gateway, empty off-chain
 */
public record SegmentRequest(
        Payload.Transcode payload,
        JobSpec spec,
        Optional<AuthToken> token,
        Bytes hash,
        Bytes digest,
        Bytes signature) {}
